import type { Style } from "../../migrator/events/words";
import { redact, redactedJson } from "../../migrator/redact";
import type { DatabaseTarget } from "../../migrator/target";
import { describePlan } from "./describe";
import { toMarkdown } from "./markdown";
import type { PullRequestPlan } from "./planned";

/**
 * The plan in a format, ready to print.
 *
 * @param target the database that it is for, for JSON; words and Markdown stand behind a line that names it.
 */
export function describePullRequest(
  plan: PullRequestPlan,
  format: "words" | "json" | "markdown",
  style: Style,
  target?: DatabaseTarget,
): string {
  switch (format) {
    case "words":
      return redact(describePlan(plan, style));
    case "json":
      return redactedJson({ event: "plan", ...plan, ...(target && { target }) });
    case "markdown":
      return redact(toMarkdown(plan));
  }
}
