import { readExitCode, readLine } from "../../migrator/events/read-line";
import type { LogLine } from "./read-logs";

/** What the line of a failure tells of it. */
export interface Failure {
  readonly exitCode: number;
  /** Its name: `migration-failed`. */
  readonly code?: string;
  /** When it was printed. */
  readonly time: Date;
}

/** Each of our lines begins with its time; what a migration's code printed without an end of line stands before it. */
const ownBeginning = '{"time":';

/** The last failure that any of the lines tells of, by their times: they may come in any order. */
export function lastFailure(lines: readonly LogLine[]): Failure | undefined {
  const failures = lines.flatMap((line) => readFailure(line) ?? []);
  return failures.reduce<Failure | undefined>((last, next) => (last && last.time > next.time ? last : next), undefined);
}

/**
 * The failure that a run ended with. One behind which the migrator went on, started again or as another replica, is not
 * the end: whoever was killed prints none.
 */
export function finalFailure(lines: readonly LogLine[]): Failure | undefined {
  const last = lastFailure(lines);
  const wentOn = lines.some(
    ({ time, line }) => last !== undefined && time > last.time && readLine(line).kind === "event",
  );
  return wentOn ? undefined : last;
}

/** Other programs print in the same log: a line of theirs may have an exit code of its own, or end where ours begins. */
function readFailure({ time, line: whole }: LogLine): Failure | undefined {
  const line = whole.slice(Math.max(0, whole.indexOf(ownBeginning)));
  const read = readLine(line);
  if (read.kind === "failed") return { exitCode: read.error.exitCode, code: read.error.code, time };
  const exitCode = read.kind === "other" ? readExitCode(line) : undefined;
  return exitCode === undefined ? undefined : { exitCode, time };
}
