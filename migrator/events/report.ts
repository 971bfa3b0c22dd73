import { exitCodes, type SchemagateError } from "../errors";
import { bounded } from "../excerpt";
import { describeHolder } from "../lock/holder";
import { redact, redactedJson } from "../redact";
import { type DatabaseTarget, describeTarget } from "../target";
import { isWarning, type RunEvent } from "./events";
import { count, duration, type Style } from "./words";

/** An event as a person reads it, or nothing where the next event says it all. */
export function describeEvent(event: RunEvent, style: Style): string | undefined {
  switch (event.event) {
    case "target":
      return style.dim(redact(describeTarget(event.target)));
    case "connect-retry":
      return style.dim(
        `database not reachable yet (${redact(event.reason)}), trying again in ${duration(event.waitMs)}`,
      );
    case "lock-waiting":
      return style.dim(
        `waiting for the lock, held by ${describeHolder(event.holder)}, ${duration(event.waitedMs)} so far`,
      );
    case "warning":
      return style.yellow(`warning: ${event.message}. ${event.hint ?? ""} [${event.code}]`);
    case "migrating":
      return event.resumedAt ? `  ${event.migration} goes on at ${event.resumedAt}` : undefined;
    case "migrated":
      return `${style.green("✔")} ${event.direction === "down" ? "reverted " : ""}${event.migration}  ${style.dim(duration(event.durationMs))}`;
    case "retry":
      return style.yellow(
        `  ${event.migration}: ${event.reason}${event.rolledBack === false ? " outside a transaction" : ", rolled back"}; attempt ${event.attempt} of ${event.of} follows in ${duration(event.waitMs)}`,
      );
    case "progress":
      return `  ${event.migration}: ${describeProgress(event, style)}`;
    case "running":
      return style.dim(`  ${event.migration}: running for ${duration(event.elapsedMs)}${describeStatement(event)}`);
    case "notice":
      return describeNotice(event, style);
    case "log":
      return `  ${style.dim(`${event.migration}:`)} ${event.message}`;
    case "done":
      return describeDone(event);
  }
}

function describeStatement({ statement, of }: Extract<RunEvent, { event: "running" }>): string {
  return statement === undefined ? "" : `, statement ${statement}${of === undefined ? "" : ` of ${of}`}`;
}

function describeNotice(notice: Extract<RunEvent, { event: "notice" }>, style: Style): string {
  const { migration, severity, message, detail, hint } = notice;
  const paint = isWarning(notice) ? style.yellow : style.dim;
  const lines = [
    `  ${migration}: ${severity}: ${message}`,
    ...(detail ? [`    detail: ${detail}`] : []),
    ...(hint ? [`    server's hint: ${hint}`] : []),
  ];
  return redact(paint(lines.join("\n")));
}

const barWidth = 20;

/** `██████░░░░  12,000 of 50,000 rows, 3,400 a second, 11 s left`. */
function describeProgress(
  { done, total, rowsPerSecond }: Extract<RunEvent, { event: "progress" }>,
  style: Style,
): string {
  const number = (value: number) => Math.round(value).toLocaleString("en-US");
  const rate = `${number(rowsPerSecond)} a second`;
  if (total === undefined || total === 0) {
    return `${number(done)} rows, ${rate}`;
  }
  const filled = Math.round(barWidth * Math.min(1, done / total));
  const bar = style.green("█".repeat(filled)) + style.dim("░".repeat(barWidth - filled));
  const left = duration((Math.max(0, total - done) / Math.max(rowsPerSecond, 1)) * 1_000);
  return `${bar}  ${number(done)} of ${number(total)} rows, ${rate}, ${left} left`;
}

function describeDone({ direction, migrations, durationMs, current }: Extract<RunEvent, { event: "done" }>): string {
  const at = current ? `current: ${current}` : "no migration is applied";
  if (migrations.length === 0) {
    return `${direction === "up" ? "nothing pending" : "nothing to revert"}; ${at}`;
  }
  const verb = { up: "applied", down: "reverted", redo: "applied again" }[direction];
  return `${count(migrations.length, "migration")} ${verb} in ${duration(durationMs)}; ${at}`;
}

/** Of an error's details, what a person reads; a line calls the server's hint `serverHint`. */
export interface FailureFacts {
  readonly location?: string;
  readonly sqlState?: string;
  /** The line of the file with a caret below the place. */
  readonly excerpt?: string;
  readonly detail?: string;
  readonly serverHint?: string;
  /** Where in the functions of the database it happened, a line for each call. */
  readonly context?: string;
  /** The line of a function's statement with a caret below the place. */
  readonly internalExcerpt?: string;
  readonly done?: readonly string[];
  readonly notRun?: readonly string[];
}

/** An error as a person reads it: what, where, why, how to fix it, and the exit code. */
export function describeError(error: SchemagateError, style: Style): string {
  const { hint: serverHint, ...facts } = error.details;
  const details = { ...facts, serverHint } as FailureFacts;
  const list = (label: string, values: readonly string[] = []) =>
    values.length > 0 ? `  ${label}: ${bounded(values.join(", "))}` : undefined;
  const lines = [
    style.red(`error: ${error.message}`),
    describePlace(details),
    details.excerpt?.replace(/^/gm, "  "),
    details.detail && `  detail: ${details.detail}`,
    // The server's hint, which knows the statement; ours knows the run.
    details.serverHint && `  server's hint: ${details.serverHint}`,
    details.context?.replace(/^/gm, "  context: "),
    details.internalExcerpt?.replace(/^/gm, "    "),
    ...error.problems.map(({ code, message, hint }) => `- ${message}.${hint ? ` ${hint}` : ""} [${code}]`),
    list("done before it", details.done),
    list("not run", details.notRun),
    error.hint && `  ${error.hint}`,
    style.dim(`  [${error.code}, exit ${error.exitCode}]`),
  ];
  return redact(lines.filter(Boolean).join("\n"));
}

function describePlace({ location, sqlState }: FailureFacts): string {
  const parts = [location && `at ${location}`, sqlState && `SQLSTATE ${sqlState}`].filter(Boolean);
  return parts.length > 0 ? `  ${parts.join("  ")}` : "";
}

/** Whether an event stands beside the result: then it goes to standard error, as a warning. */
export function isAside(event: RunEvent): boolean {
  return event.event === "notice" ? isWarning(event) : asideEvents.has(event.event);
}

const asideEvents: ReadonlySet<RunEvent["event"]> = new Set(["warning", "connect-retry", "lock-waiting", "retry"]);

/**
 * An event as one JSON line.
 *
 * @param target the database it is about, where the line is to name it.
 */
export function eventLine(event: RunEvent, time: Date, target?: DatabaseTarget): string {
  const { event: name, ...fields } = event;
  const level = isAside(event) ? "warn" : "info";
  return redactedJson({ time, level, event: name, ...fields, ...(target && { target }) });
}

/** A stack begins with the message, which may hold a statement, and may show a line of a minified file. */
const longestStack = 8_000;

/**
 * An error as one JSON line; the stack only for a bug.
 *
 * @param target the database it is about, where one is known.
 */
export function errorLine(error: SchemagateError, time: Date, target?: DatabaseTarget): string {
  const { code, message, hint, exitCode, problems, details, cause } = error;
  const { hint: serverHint, ...facts } = details;
  const line = {
    time,
    level: "error",
    event: "failed",
    code,
    message,
    hint,
    exitCode,
    problems: problems.length > 0 ? problems : undefined,
    ...facts,
    serverHint,
    target,
    stack:
      exitCode === exitCodes.unexpected && cause instanceof Error
        ? bounded(cause.stack ?? "", longestStack)
        : undefined,
  };
  return redactedJson(line);
}
