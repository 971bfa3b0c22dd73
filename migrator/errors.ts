import { bounded } from "./excerpt";

/**
 * Exit codes: what a pipeline or an init container sees. One list for migrator and deployment, because a job hands its
 * migrator's on. Documented in docs/exit-codes.md.
 */
export const exitCodes = {
  ok: 0,
  /** A bug: nothing the migrator foresaw. */
  unexpected: 1,
  /** Wrong arguments, settings or environment. */
  usage: 2,
  /** `status --check`: something is pending. */
  notCurrent: 3,
  /** Source and ledger disagree; nothing was touched. */
  refused: 4,
  /** Another run held the lock for longer than the lock wait. */
  lockWait: 5,
  /** A migration failed and was rolled back. */
  migrationFailed: 6,
  /** The database cannot be reached, or the connection was lost. */
  connection: 7,
  /** A migration without a transaction stopped midway. */
  partial: 8,
  /** `synth`, `diff`, `deploy`: cdktf, Terraform or the image's build failed. */
  deployFailed: 9,
  /** `gate`: the new revision failed; whatever served before still serves. */
  gateHeld: 10,
  /** `gate`, `job`: no result in time. */
  timedOut: 11,
  /** `gate`: no revision runs the image; `job`: there is no such job. */
  notDeployed: 12,
  /** `job`: it failed, and its log does not say with which code. */
  jobFailed: 13,
  /** Ended by SIGINT (128 + 2). */
  interrupted: 130,
  /** Ended by SIGTERM (128 + 15). */
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** One thing that is wrong, in the words a user reads. */
export interface Problem {
  /** Stable, kebab-case: `checksum-mismatch`. */
  readonly code: string;
  /** What is wrong, with names and values. */
  readonly message: string;
  /** How to fix it. */
  readonly hint?: string;
}

export interface SchemagateErrorOptions extends Problem {
  readonly exitCode: ExitCode;
  readonly cause?: unknown;
  /** All problems found, when there is more than one. */
  readonly problems?: readonly Problem[];
  /** Facts for machines: names, positions, SQLSTATE. Printed in JSON output, so never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

const brand = Symbol.for("schemagate.error");

/** Every error the migrator raises on purpose. The command line turns it into a message and its exit code. */
export class SchemagateError extends Error {
  /** The bundles of the image each carry this class; `instanceof` must know it from any of them. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && brand in value;
  }

  readonly [brand] = true;
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly hint?: string;
  readonly problems: readonly Problem[];
  readonly details: Readonly<Record<string, unknown>>;

  constructor(options: SchemagateErrorOptions) {
    // Any of the texts may quote a server or a file: none of them is the reason for megabytes in a log.
    super(bounded(options.message), { cause: options.cause });
    this.name = "SchemagateError";
    this.code = options.code;
    this.exitCode = options.exitCode;
    this.hint = boundedText(options.hint);
    this.problems = (options.problems ?? []).map(boundedTexts);
    this.details = boundedTexts(options.details ?? {});
  }
}

function boundedText<T>(value: T): T {
  return typeof value === "string" ? (bounded(value) as T) : value;
}

function boundedTexts<T extends object>(texts: T): T {
  return Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, boundedText(value)])) as T;
}

/** Wrong arguments, settings or environment: exit 2. All problems are reported at once. */
export function usageError(problems: Problem | readonly Problem[]): SchemagateError {
  return fromProblems(problems, exitCodes.usage, "settings");
}

/** Source and ledger disagree: exit 4. All problems are reported at once. */
export function refusal(problems: Problem | readonly Problem[]): SchemagateError {
  return fromProblems(problems, exitCodes.refused, "plan");
}

function fromProblems(given: Problem | readonly Problem[], exitCode: ExitCode, what: string): SchemagateError {
  const problems = Array.isArray(given) ? (given as readonly Problem[]) : [given as Problem];
  const [first] = problems;
  if (first && problems.length === 1) {
    return new SchemagateError({ ...first, exitCode });
  }
  return new SchemagateError({
    code: `${what}-refused`,
    message: `${problems.length} problems, nothing was changed`,
    exitCode,
    problems,
  });
}

/** Turns whatever was thrown into an error with an exit code; what was not foreseen is a bug (INV-11). */
export function toSchemagateError(thrown: unknown): SchemagateError {
  if (thrown instanceof SchemagateError) {
    return thrown;
  }
  return new SchemagateError({
    code: "unexpected",
    message: `unexpected error: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`,
    hint: "This is a bug in schemagate, or an error it should explain better. Please report it with the text above.",
    exitCode: exitCodes.unexpected,
    cause: thrown,
  });
}
