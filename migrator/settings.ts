import { type Problem, usageError } from "./errors";

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

function text(text: string): string {
  return text;
}

/** Upper bound of a duration: a day. A longer wait would outlive every deployment. */
const longestSeconds = 86_400;

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= longestSeconds)) {
    throw new Error(`must be seconds, a number from 0 to ${longestSeconds}`);
  }
  return value;
}

function flag(text: string): boolean {
  if (/^(1|true|yes)$/i.test(text)) {
    return true;
  }
  if (/^(0|false|no)$/i.test(text)) {
    return false;
  }
  throw new Error("must be true or false");
}

function oneOf<const T extends string>(...values: T[]) {
  return (text: string): T => {
    const found = values.find((value) => value === text);
    if (!found) {
      throw new Error(`must be one of ${values.join(", ")}`);
    }
    return found;
  };
}

/** PostgreSQL cuts longer identifiers, silently. */
const identifierBytes = 63;

function identifier(text: string): string {
  if (text === "" || Buffer.byteLength(text) > identifierBytes || text.includes("\0")) {
    throw new Error(`must be a schema name of 1 to ${identifierBytes} bytes`);
  }
  if (/^pg_/i.test(text)) {
    throw new Error("must not begin with pg_, PostgreSQL keeps such names for itself");
  }
  return text;
}

function defineOption<T>(spec: OptionSpec<T>): OptionSpec<T> {
  return spec;
}

/** Options of every command that reads migrations. */
export const sourceOptions = {
  dir: defineOption({
    flags: "--dir <directory>",
    env: "SCHEMAGATE_DIR",
    about: "directory of the migrations, or of the sealed set",
    fallback: "migrator/migrations",
    parse: text,
  }),
};

/** Options of every command. */
export const outputOptions = {
  json: defineOption<boolean | undefined>({
    flags: "--json",
    env: "SCHEMAGATE_JSON",
    about: "print JSON lines (default: on, unless the output is a terminal)",
    parse: flag,
  }),
};

/** Options of every command that needs a database. */
export const databaseOptions = {
  databaseUrl: defineOption<string | undefined>({
    flags: "--database-url <url>",
    env: "DATABASE_URL",
    about: "postgres://user:password@host:port/database; what it leaves out comes from the PG* variables",
    secret: true,
    parse: text,
  }),
  auth: defineOption({
    flags: "--auth <method>",
    env: "DATABASE_AUTH",
    about: "password, or entra for a Microsoft Entra token",
    fallback: "password" as const,
    parse: oneOf("password", "entra"),
  }),
  connectTimeout: defineOption({
    flags: "--connect-timeout <seconds>",
    env: "SCHEMAGATE_CONNECT_TIMEOUT",
    about: "seconds to retry while the database is not reachable yet",
    fallback: 120,
    parse: seconds,
  }),
  ledgerSchema: defineOption({
    flags: "--ledger-schema <name>",
    env: "SCHEMAGATE_LEDGER_SCHEMA",
    about: "schema of the ledger's tables",
    fallback: "schemagate",
    parse: identifier,
  }),
  dataDir: defineOption({
    flags: "--data-dir <directory>",
    env: "SCHEMAGATE_DATA_DIR",
    about: "where the embedded PostgreSQL keeps its data when nothing names a database",
    fallback: ".data",
    parse: text,
  }),
};

/** Options of the commands that change the database. */
export const runOptions = {
  lockWait: defineOption({
    flags: "--lock-wait <seconds>",
    env: "SCHEMAGATE_LOCK_WAIT",
    about: "seconds to wait while another run holds the lock",
    fallback: 600,
    parse: seconds,
  }),
};

/** Options of the commands that judge source against ledger. */
export const policyOptions = {
  ahead: defineOption({
    flags: "--ahead <policy>",
    env: "SCHEMAGATE_AHEAD",
    about: "pass or refuse a database that is ahead of the migrations here",
    fallback: "pass" as const,
    parse: oneOf("pass", "refuse"),
  }),
  outOfOrder: defineOption({
    flags: "--out-of-order <policy>",
    env: "SCHEMAGATE_OUT_OF_ORDER",
    about: "refuse or allow a pending migration that is older than the newest applied one",
    fallback: "refuse" as const,
    parse: oneOf("refuse", "allow"),
  }),
};

/** Options of single commands. */
export const messageOption = defineOption<string | undefined>({
  flags: "-m, --message <text>",
  env: "SCHEMAGATE_MESSAGE",
  about: "what the migration does, in a few words; its name is made of it",
  parse: text,
});

export const typeOption = defineOption({
  flags: "--type <type>",
  env: "SCHEMAGATE_TYPE",
  about: "sql or ts",
  fallback: "sql" as const,
  parse: oneOf("sql", "ts"),
});

export const verboseOption = defineOption({
  flags: "--verbose",
  env: "SCHEMAGATE_VERBOSE",
  about: "who ran it, where, from which image, and failed runs",
  fallback: false,
  parse: flag,
});

export const checkOption = defineOption({
  flags: "--check",
  env: "SCHEMAGATE_CHECK",
  about: "exit 3 unless the schema is current or ahead",
  fallback: false,
  parse: flag,
});

export const outOption = defineOption({
  flags: "--out <directory>",
  env: "SCHEMAGATE_OUT",
  about: "directory to write the sealed set to",
  fallback: "build/migrations",
  parse: text,
});
