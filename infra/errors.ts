/** What a program ends with that reports a ConfigurationError: a usage error, as everywhere in schemagate. */
export const usageExitCode = 2;

const brand = Symbol.for("schemagate.configuration-error");

/**
 * Something a person wrote cannot work: a setting, an environment variable, a construct's prop. The message is all they
 * need ("what (values): why. how to fix"), so whoever reports it leaves the stack trace out.
 */
export class ConfigurationError extends Error {
  /** `schemagate/infra` and `schemagate/stacks` each carry this class; `instanceof` must know it from either. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === "object" && value !== null && brand in value;
  }

  readonly [brand] = true;
  /** Every problem found, one sentence each; the message lists them all. */
  readonly problems: readonly string[];

  constructor(problems: string | readonly string[], heading?: string) {
    const all = typeof problems === "string" ? [problems] : problems;
    super(heading === undefined ? all.join("\n") : [heading, ...all.map((problem) => `  - ${problem}`)].join("\n"));
    this.name = "ConfigurationError";
    this.problems = all;
  }
}
