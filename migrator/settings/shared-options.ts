import { flag, identifier, oneOf, roleName, seconds, text, wholeNumber } from "./parsers";
import { defineOption } from "./read-options";

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
  role: defineOption<string | undefined>({
    flags: "--role <name>",
    env: "SCHEMAGATE_ROLE",
    about:
      "role to be once logged in, as by SET ROLE: what migrations make, and the ledger, is its own (default: the login)",
    parse: roleName,
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

/** Options of the commands that run migrations. */
export const limitOptions = {
  lockTimeout: defineOption({
    flags: "--lock-timeout <seconds>",
    env: "SCHEMAGATE_LOCK_TIMEOUT",
    about:
      "seconds a statement may wait for a table's lock before the migration is rolled back and tried again; 0 waits for ever",
    fallback: 5,
    parse: seconds,
  }),
  statementTimeout: defineOption({
    flags: "--statement-timeout <seconds>",
    env: "SCHEMAGATE_STATEMENT_TIMEOUT",
    about: "seconds a statement may take; 0 is without end",
    fallback: 0,
    parse: seconds,
  }),
  retries: defineOption({
    flags: "--retries <count>",
    env: "SCHEMAGATE_RETRIES",
    about: "how often a migration is tried again after a lock timeout, a deadlock or a serialization failure",
    fallback: 5,
    parse: wholeNumber(0),
  }),
};

/** Options that say how far to go. */
export const targetOptions = {
  to: defineOption<string | undefined>({
    flags: "--to <name>",
    env: "SCHEMAGATE_TO",
    about: "migration to go to, by name or the beginning of it",
    parse: text,
  }),
  steps: defineOption<number | undefined>({
    flags: "--steps <count>",
    env: "SCHEMAGATE_STEPS",
    about: "number of migrations",
    parse: wholeNumber(1),
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
