import { SchemagateError } from "../errors";
import type { RunEvent } from "./events";
import { describeError, describeEvent } from "./report";
import type { Style } from "./words";

/**
 * Puts a line that a container printed into words: the migrator's JSON lines and those of the common JSON loggers; any
 * other line stays as it is.
 *
 * @returns undefined for an event that the next one says all about.
 */
export function describeLogLine(line: string, style: Style): string | undefined {
  const fields = parseLogLine(line);
  if (typeof fields?.msg === "string") {
    return describeLoggerLine(fields);
  }
  if (typeof fields?.event !== "string") {
    return line;
  }
  if (fields.event === "failed") {
    return describeError(toError(fields), style);
  }
  return isRunEvent(fields) ? describeEvent(fields, style) : line;
}

/** The fields of a JSON line; undefined for any other line. */
export function parseLogLine(line: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Events that a run tells; commands print results of their own beside them. */
const runEvents: ReadonlySet<string> = new Set<RunEvent["event"]>([
  "connect-retry",
  "lock-waiting",
  "warning",
  "migrating",
  "migrated",
  "retry",
  "progress",
  "log",
  "done",
]);

function isRunEvent(fields: Record<string, unknown>): fields is RunEvent {
  return runEvents.has(String(fields.event));
}

/** What every line of the common JSON loggers (pino, bunyan) repeats. */
const repeated = new Set(["level", "time", "pid", "hostname", "name", "v", "msg"]);

function describeLoggerLine(fields: Readonly<Record<string, unknown>>): string {
  const rest = Object.entries(fields).filter(([name]) => !repeated.has(name));
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return [fields.msg, ...rest.map(([name, value]) => `${name}=${text(value)}`)].join(" ");
}

function toError({
  code,
  message,
  hint,
  exitCode,
  problems,
  serverHint,
  ...facts
}: Record<string, unknown>): SchemagateError {
  return new SchemagateError({
    code: String(code),
    message: String(message),
    hint: hint === undefined ? undefined : String(hint),
    exitCode: exitCode as SchemagateError["exitCode"],
    problems: (problems ?? []) as SchemagateError["problems"],
    details: { ...facts, hint: serverHint },
  });
}
