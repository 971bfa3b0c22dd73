import type { Style } from "../../migrator/events/words";
import { redact, redactedJson } from "../../migrator/redact";
import { describePlan } from "./describe";
import { toMarkdown } from "./markdown";
import type { PullRequestPlan } from "./planned";

/** The plan in a format, ready to print. */
export function describePullRequest(
  plan: PullRequestPlan,
  format: "words" | "json" | "markdown",
  style: Style,
): string {
  switch (format) {
    case "words":
      return redact(describePlan(plan, style));
    case "json":
      return redactedJson({ event: "plan", ...plan });
    case "markdown":
      return redact(toMarkdown(plan));
  }
}
