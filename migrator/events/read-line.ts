import { type ExitCode, SchemagateError } from "../errors";
import type { RunEvent } from "./events";
import { eventShapes, failureShapes, isRecord, readFields } from "./shapes";

/** A line that a container printed, as far as it can be read. */
export type ReadLine =
  | { readonly kind: "event"; readonly event: RunEvent }
  | { readonly kind: "failed"; readonly error: SchemagateError }
  /** A line of the common JSON loggers: its message, and its other fields as text. */
  | { readonly kind: "logger"; readonly message: string; readonly fields: readonly (readonly [string, string])[] }
  /** Any other: another program's, a result of a command, of a version that says it otherwise, or cut short. */
  | { readonly kind: "other" };

const other: ReadLine = { kind: "other" };

/** Reads a line. What it holds is anybody's: a line that cannot be read is one of another kind, never an error (INV-24). */
export function readLine(line: string): ReadLine {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? readRecord(value) : other;
  } catch {
    // No JSON, fields that are not what they should be, or nested deeper than the stack.
    return other;
  }
}

/** Of the line of a failure, the code that its process ended with; other fields may be what they want. */
export function readExitCode(line: string): number | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) && value.event === "failed" ? failureShapes.exitCode.read(value.exitCode) : undefined;
  } catch {
    return undefined;
  }
}

function readRecord(fields: Readonly<Record<string, unknown>>): ReadLine {
  const { event, msg } = fields;
  if (typeof msg === "string") {
    return readLogger(msg, fields);
  }
  if (event === "failed") {
    return readFailure(fields);
  }
  return isEventName(event)
    ? { kind: "event", event: { event, ...readFields<object>(eventShapes[event], fields) } as RunEvent }
    : other;
}

function isEventName(name: unknown): name is RunEvent["event"] {
  return typeof name === "string" && Object.hasOwn(eventShapes, name);
}

function readFailure(fields: Readonly<Record<string, unknown>>): ReadLine {
  const { code, message, hint, exitCode, problems, ...facts } = readFields(failureShapes, fields);
  const { serverHint, ...details } = facts;
  const error = new SchemagateError({
    code,
    message,
    hint,
    exitCode: exitCode as ExitCode,
    problems,
    details: { ...details, hint: serverHint },
  });
  return { kind: "failed", error };
}

/** What every line of the common JSON loggers (pino, bunyan) repeats. */
const repeated = new Set(["level", "time", "pid", "hostname", "name", "v", "msg"]);

function readLogger(message: string, fields: Readonly<Record<string, unknown>>): ReadLine {
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  const rest = Object.entries(fields).filter(([name]) => !repeated.has(name));
  return { kind: "logger", message, fields: rest.map(([name, value]) => [name, text(value)]) };
}
