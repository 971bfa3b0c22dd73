import { dryRunOption, yesOption } from "./command-options";
import { oneOf, text } from "./parsers";
import { defineOption } from "./read-options";

/** Options of `adopt`. */
export const adoptOptions = {
  from: defineOption<string | undefined>({
    flags: "--from <tool>",
    env: "SCHEMAGATE_ADOPT_FROM",
    about: "alembic, flyway, dbmate, golang-migrate, node-pg-migrate, knex, umzug, prisma or drizzle",
    parse: oneOf(
      ...["alembic", "flyway", "dbmate", "golang-migrate", "node-pg-migrate", "knex", "umzug", "prisma", "drizzle"],
    ),
  }),
  table: defineOption<string | undefined>({
    flags: "--table <name>",
    env: "SCHEMAGATE_ADOPT_TABLE",
    about: "that tool's table, or schema.table (default: the tool's own name for it)",
    parse: text,
  }),
  to: defineOption<string | undefined>({
    flags: "--to <name>",
    env: "SCHEMAGATE_ADOPT_TO",
    about: "everything up to this migration is applied, where numbers and names do not tell",
    parse: text,
  }),
  versions: defineOption<string | undefined>({
    flags: "--versions <directory>",
    env: "SCHEMAGATE_ADOPT_VERSIONS",
    about: "Alembic's directory of versions",
    parse: text,
  }),
  journal: defineOption<string | undefined>({
    flags: "--journal <file>",
    env: "SCHEMAGATE_ADOPT_JOURNAL",
    about: "Drizzle's meta/_journal.json",
    parse: text,
  }),
  dryRun: dryRunOption,
  yes: yesOption,
};
