import { type ExitCode, exitCodes, type Problem } from "../errors";

/** Groups of checks, in the order of the report. */
export const groups = ["connection", "privileges", "migrations", "indexes", "activity", "settings"] as const;

export type Group = (typeof groups)[number];

/** One thing that was looked at. */
export interface Check {
  readonly group: Group;
  readonly status: "ok" | "warning" | "problem";
  /** Stable, kebab-case: `tls`, `invalid-index`. */
  readonly code: string;
  /** What was found, with names and values. */
  readonly message: string;
  /** How to fix it; never with `ok`. */
  readonly hint?: string;
  /** What `up` would exit with because of it. @default 3 */
  readonly exitCode?: ExitCode;
}

/** Makes the checks of one group. */
export function checksOf(group: Group) {
  return {
    ok: (code: string, message: string): Check => ({ group, status: "ok", code, message }),
    warning: (code: string, message: string, hint?: string): Check => ({
      group,
      status: "warning",
      code,
      message,
      hint,
    }),
    problem: ({ code, message, hint }: Problem, exitCode?: ExitCode): Check => ({
      ...{ group, status: "problem", code, message, hint, exitCode },
    }),
  };
}

/** Worst first: without a connection the other checks say little, and a refused plan is found before a missing privilege. */
const precedence: readonly ExitCode[] = [exitCodes.connection, exitCodes.usage, exitCodes.refused];

/** What `doctor` exits with: what `up` would end with, as far as can be told; 3 for any other problem. */
export function exitCodeOf(checks: readonly Check[]): ExitCode {
  const problems = checks.filter(({ status }) => status === "problem");
  if (problems.length === 0) {
    return exitCodes.ok;
  }
  return precedence.find((code) => problems.some(({ exitCode }) => exitCode === code)) ?? exitCodes.notCurrent;
}
