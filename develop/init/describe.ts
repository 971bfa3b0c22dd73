import { count, type Style } from "../../migrator/events/words";
import type { InitPlan } from "./plan";

/** What would be written, and what stays. */
export function describePlan({ directory, kind, name, missing, kept }: InitPlan, style: Style): string {
  const what = kind === "project" ? `a new project, ${name}` : `what an API that exists lacks, as ${name}`;
  const lines = [
    ...missing.map(({ path, text }) => `  ${style.green("+")} ${path}  ${style.dim(count(lineCount(text), "line"))}`),
    ...kept.map((path) => `  ${style.dim("=")} ${path}  ${style.dim("is there and stays")}`),
  ];
  return [`${directory}: ${what}`, ...lines].join("\n");
}

/** What was written, and what is next. */
export function describeWritten(written: readonly string[], { next }: InitPlan, style: Style): string {
  const steps = next.map(({ step, about }) => `  ${style.bold(step)}\n    ${style.dim(about)}`);
  return [`${count(written.length, "file")} written. Next:`, ...steps].join("\n");
}

function lineCount(text: string): number {
  return text.split("\n").length - (text === "" || text.endsWith("\n") ? 1 : 0);
}
