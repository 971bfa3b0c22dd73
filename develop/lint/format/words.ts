import type { Style } from "../../../migrator/events/words";
import type { Finding } from "../finding";
import { rules } from "../rules";
import { pathFrom, type Read, summarize } from "./summary";

/** Findings as a person reads them. @param root directory that paths are seen from */
export function describeFindings(findings: readonly Finding[], read: Read, root: string, style: Style): string {
  return [...findings.map((finding) => describeFinding(finding, root, style)), summarize(findings, read)].join("\n\n");
}

/** One finding: where, which rule, what, why, and what to do instead. */
export function describeFinding(finding: Finding, root: string, style: Style): string {
  const { file, line, column, level, rule, what, why, instead, excerpt } = finding;
  const painted = level === "error" ? style.red(level) : style.yellow(level);
  return [
    `${pathFrom(root, file)}:${line}:${column}  ${painted}  ${style.bold(rule)}`,
    `  ${what}`,
    ...excerpt.split("\n").map((text) => `    ${text}`),
    `  ${style.dim("why:")}     ${why}`,
    `  ${style.dim("instead:")} ${instead}`,
  ].join("\n");
}

/** The list of rules. */
export function describeRules(style: Style): string {
  return Object.entries(rules)
    .map(([name, { level, about, why, instead }]) =>
      [
        `${style.bold(name)}  ${level === "error" ? style.red(level) : style.yellow(level)}`,
        `  ${about}`,
        `  ${style.dim("why:")}     ${why}`,
        `  ${style.dim("instead:")} ${instead}`,
      ].join("\n"),
    )
    .join("\n\n");
}
