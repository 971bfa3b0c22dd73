import { flag, oneOf, text } from "./parsers";
import { defineOption } from "./read-options";

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

export const allOption = defineOption({
  flags: "--all",
  env: "SCHEMAGATE_ALL",
  about: "revert everything",
  fallback: false,
  parse: flag,
});

export const dryRunOption = defineOption({
  flags: "--dry-run",
  env: "SCHEMAGATE_DRY_RUN",
  about: "show what would be done, and do nothing",
  fallback: false,
  parse: flag,
});

export const sqlOption = defineOption({
  flags: "--sql",
  env: "SCHEMAGATE_SQL",
  about: "print an SQL script with the ledger's rows instead; needs no database",
  fallback: false,
  parse: flag,
});

export const fromOption = defineOption<string | undefined>({
  flags: "--from <name>",
  env: "SCHEMAGATE_FROM",
  about: "with --sql: the migration the database is at; the script begins behind it (default: an empty database)",
  parse: text,
});

export const yesOption = defineOption({
  flags: "--yes",
  env: "SCHEMAGATE_YES",
  about: "do not ask",
  fallback: false,
  parse: flag,
});

export const purgeOption = defineOption({
  flags: "--purge",
  env: "SCHEMAGATE_PURGE",
  about: "empty the ledger first, whatever it holds",
  fallback: false,
  parse: flag,
});
