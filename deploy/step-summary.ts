import { appendFileSync } from "node:fs";
import { describeLogLine } from "../migrator/events/log-line";
import { createStyle } from "../migrator/events/words";
import type { DeployEvent, GateResult, JobResult } from "./events";
import { describeContainer } from "./report";

const plain = createStyle(false);

/** Adds the end of a gate or a job to the summary of a GitHub workflow's run. @param file value of GITHUB_STEP_SUMMARY */
export function appendStepSummary(file: string, event: DeployEvent): void {
  const markdown = event.event === "gate" ? gateSummary(event) : event.event === "job" ? jobSummary(event) : undefined;
  if (markdown !== undefined) appendFileSync(file, `${markdown}\n`);
}

function gateSummary(result: GateResult): string {
  const titles = {
    open: "✅ Gate open",
    held: "⛔ The gate holds",
    "timed-out": "⌛ No result in time",
    "not-deployed": "⛔ Not deployed",
  };
  return [
    `### ${titles[result.outcome]}: ${result.app}`,
    table([
      ["image", code(result.image)],
      ["revision", result.revision && code(result.revision)],
      ["why", result.why],
      ["newest revision", result.newest && `${code(result.newest.revision)} ${code(result.newest.image ?? "-")}`],
      ["still serving", result.serving && code(result.serving)],
      ["deactivated", result.deactivated ? "yes" : undefined],
      ["exit code", String(result.exitCode)],
    ]),
    ...details(
      `What ${describeContainer(result.container ?? "")} printed last`,
      result.lines.flatMap((line) => describeLogLine(line, plain) ?? []),
    ),
    ...details("Query for more", result.query === undefined ? [] : [result.query]),
    ...nextList(result),
  ].join("\n\n");
}

function jobSummary(result: JobResult): string {
  return [
    `### ${result.exitCode === 0 ? "✅" : "⛔"} Job ${result.job}: ${result.status}`,
    table([
      ["execution", code(result.execution)],
      ["why", result.why],
      ["exit code", String(result.exitCode)],
    ]),
    ...details("Query for its lines", result.query === undefined ? [] : [result.query]),
    ...nextList(result),
  ].join("\n\n");
}

function table(rows: readonly (readonly [string, string | undefined])[]): string {
  const cells = rows
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `| ${name} | ${escapeCell(value)} |`);
  return ["| | |", "|---|---|", ...cells].join("\n");
}

function escapeCell(text = ""): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

function code(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}

/** Four backticks: what a migrator prints may hold three. */
function details(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`**${title}**`, ["````text", ...lines, "````"].join("\n")];
}

function nextList({ next }: Pick<GateResult, "next">): string[] {
  return next.length === 0 ? [] : [next.map(({ command, about }) => `- ${code(command)}: ${about}`).join("\n")];
}
