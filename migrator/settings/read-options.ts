import { type Problem, usageError } from "../errors";

/** One option of the command line, with the environment variable that says the same. */
export interface OptionSpec<T> {
  /** As commander reads it: `--dir <directory>`. */
  readonly flags: string;
  /** Environment variable; the option wins. */
  readonly env: string;
  readonly about: string;
  readonly fallback?: T;
  /** Hides the value from help and errors. */
  readonly secret?: boolean;
  /** @throws Error saying what a value must be. */
  readonly parse: (text: string) => T;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Parsed values of a table of options. */
export type OptionValues<S> = { readonly [K in keyof S]: S[K] extends OptionSpec<infer T> ? T : never };

/**
 * Reads options from command line and environment; an empty variable counts as unset.
 *
 * @param given values from the command line by option name.
 * @throws usage (exit 2) with every problem at once.
 */
export function readOptions<S extends Record<string, OptionSpec<unknown>>>(
  specs: S,
  given: Readonly<Record<string, unknown>>,
  env: Environment,
): OptionValues<S> {
  const problems: Problem[] = [];
  const read = ([name, spec]: [string, OptionSpec<unknown>]) => {
    const fromFlag = given[name] !== undefined;
    const text = fromFlag ? String(given[name]) : env[spec.env] || undefined;
    if (text === undefined) {
      return [name, spec.fallback];
    }
    try {
      return [name, spec.parse(text)];
    } catch (cause) {
      const where = fromFlag ? spec.flags.split(" ").find((word) => word.startsWith("--")) : spec.env;
      problems.push({
        code: "bad-option",
        message: `${where} (${spec.secret ? "hidden" : JSON.stringify(text)}): ${(cause as Error).message}`,
        hint: `It means: ${spec.about}.`,
      });
      return [name, undefined];
    }
  };
  const values = Object.fromEntries(Object.entries(specs).map(read));
  if (problems.length > 0) {
    throw usageError(problems);
  }
  return values as OptionValues<S>;
}

/** Gives an option its type. */
export function defineOption<T>(spec: OptionSpec<T>): OptionSpec<T> {
  return spec;
}
