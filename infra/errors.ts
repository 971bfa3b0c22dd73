/** What a program ends with that reports a ConfigurationError: a usage error, as everywhere in schemagate. */
export const usageExitCode = 2;

/**
 * Something a person wrote cannot work: a setting, an environment variable, a construct's prop. The message is all they
 * need ("what (values): why. how to fix"), so whoever reports it leaves the stack trace out.
 */
export class ConfigurationError extends Error {
  /** Every problem found, one sentence each; the message lists them all. */
  readonly problems: readonly string[];

  constructor(problems: string | readonly string[], heading?: string) {
    const all = typeof problems === "string" ? [problems] : problems;
    super(heading === undefined ? all.join("\n") : [heading, ...all.map((problem) => `  - ${problem}`)].join("\n"));
    this.name = "ConfigurationError";
    this.problems = all;
  }
}
