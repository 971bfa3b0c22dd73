import { migrateContainerName } from "../infra/container-names";
import { describeLogLine } from "../migrator/events/log-line";
import { duration, type Style } from "../migrator/events/words";
import type { DeployEvent, GateResult, JobResult, NextStep } from "./events";

const outcomeWords = {
  open: "gate open",
  held: "the gate holds",
  "timed-out": "no result in time",
  "not-deployed": "not deployed",
} satisfies Record<GateResult["outcome"], string>;

/** An event as a person reads it; undefined where there is nothing to say. */
export function describeDeployEvent(event: DeployEvent, style: Style): string | undefined {
  switch (event.event) {
    case "step":
      return style.bold(`== ${event.step}`);
    case "image":
      return `${style.cyan("▸")} ${event.name} ${event.built ? "is" : "was built from these files before:"} ${event.image}`;
    case "destroyed":
      return `${style.green("✔")} ${event.environment}: ${event.stacks.join(", ")} destroyed; the state stays in ${event.state}`;
    case "imported":
      return `${style.cyan("▸")} ${event.address} is in the state now: ${event.id}`;
    case "going-back":
      return `${style.cyan("▸")} back to ${event.image}${event.revision === undefined ? "" : `, which ${event.revision} ran`}`;
    case "azure-retry":
      return style.dim(event.why);
    case "gate-revision":
      return `${style.cyan("▸")} revision ${event.revision} runs ${event.image}`;
    case "gate-waiting":
      return `  ${event.why}`;
    case "gate-verdict":
      return style.red(`✘ ${outcomeWords[event.outcome]}: ${event.why}  [${event.code}]`);
    case "gate-reading-logs":
      return style.dim(`  looking for the migrator's lines, for up to ${event.seconds} s: they arrive late`);
    case "warning":
      return style.yellow(`warning: ${event.message}`);
    case "job-started":
      return `${style.cyan("▸")} ${event.job} started as ${event.execution}${event.arguments.length > 0 ? `: ${event.arguments.join(" ")}` : ""}`;
    case "job-status":
      return style.dim(`  ${event.status}`);
    case "job-line":
      return indent(describeLogLine(event.line, style));
    case "gate":
      return describeGate(event, style);
    case "job":
      return describeJob(event, style);
  }
}

function describeGate(result: GateResult, style: Style): string {
  const { outcome, app, revision, why, durationMs, exitCode, code } = result;
  if (outcome === "open") {
    return `${style.green("✔")} gate open: ${app} runs ${revision} (${why})  ${style.dim(duration(durationMs))}`;
  }
  const subject = revision === undefined ? app : `${app}, revision ${revision}`;
  return [
    style.red(`✘ ${outcomeWords[outcome]}: ${subject}`),
    `  why: ${why}`,
    newestLine(result),
    servingLine(result),
    ...describeLines(result, style),
    ...(result.query === undefined ? [] : ["  more of it, in Log Analytics:", indent(result.query, 4)]),
    ...describeNext(result.next),
    result.deactivated ? `  ${revision} is deactivated: it does not go on trying` : undefined,
    style.dim(`[${code}, exit ${exitCode}]`),
  ]
    .filter((line) => line !== undefined)
    .join("\n");
}

function describeLines({ container, lines }: GateResult, style: Style): string[] {
  if (container === undefined) return [];
  const who = describeContainer(container);
  if (lines.length === 0) return [`  no line of ${who} has arrived yet`];
  const words = lines.flatMap((line) => describeLogLine(line, style) ?? []);
  // Events that only announce have none; where nothing came of what they announced, they are all there is.
  const told = words.length > 0 ? words : lines;
  return [`  what ${who} printed last:`, ...told.flatMap((line) => indent(line, 4) ?? [])];
}

/** A container for people. */
export function describeContainer(name: string): string {
  return name === migrateContainerName ? "the migrator" : `container '${name}'`;
}

function newestLine({ newest }: GateResult): string | undefined {
  return newest && `  the newest revision, ${newest.revision}, runs ${newest.image ?? "no container 'app'"}`;
}

function servingLine({ outcome, serving }: GateResult): string | undefined {
  if (serving !== undefined) return `  ${serving} goes on serving`;
  return outcome === "held" ? "  nothing else is ready to serve" : undefined;
}

function describeJob(
  { job, execution, status, why, query, next, durationMs, exitCode }: JobResult,
  style: Style,
): string {
  if (exitCode === 0) {
    return `${style.green("✔")} ${job} (${execution}) ${status.toLowerCase()}  ${style.dim(duration(durationMs))}`;
  }
  return [
    style.red(`✘ ${job} (${execution}): ${status}`),
    `  why: ${why}`,
    ...(query === undefined ? [] : ["  its lines, in Log Analytics:", indent(query, 4)]),
    ...describeNext(next),
    style.dim(`[exit ${exitCode}]`),
  ].join("\n");
}

function describeNext(next: readonly NextStep[]): string[] {
  if (next.length === 0) return [];
  return ["  next:", ...next.map(({ command, about }) => `    ${command}\n        ${about}`)];
}

function indent(text: string | undefined, by = 2): string | undefined {
  return text
    ?.split("\n")
    .map((line) => `${" ".repeat(by)}${line}`)
    .join("\n");
}
