import type { Rule } from "./rule";

/** Data, sessions, and the files themselves. */
export const otherRules = {
  "unbatched-write": {
    level: "error",
    about: "UPDATE or DELETE of all rows at once",
    why: "Every row stays locked until the end, the table doubles, and vacuum and replicas fall behind.",
    instead: "Write a TypeScript migration with `batches`; each batch is committed by itself.",
  },
  "mixed-data-and-schema": {
    level: "warning",
    about: "schema and existing rows are changed in one file",
    why: "The two need different care: a schema change is short and all or nothing, a data change is long and best in batches.",
    instead: "Split the file: schema first, data in the next migration.",
  },
  "enum-value-in-transaction": {
    level: "error",
    about: "an enum value is used in the transaction that adds it",
    why: "PostgreSQL refuses it: the migration would fail.",
    instead: "Put what uses it into the next migration.",
  },
  "session-setting": {
    level: "error",
    about: "a setting such as search_path leaks out of the migration, or set_config(…, true) sets nothing",
    why: "All migrations of a run share one session, so those behind it run with that setting on one machine and without on another.",
    instead: "Write SET LOCAL, in a transaction:false migration SET and RESET; or qualify the names.",
  },
  "domain-constraint": {
    level: "warning",
    about: "a domain has or gets a constraint",
    why: "To add or change it later, every table with a column of the domain is read while writes wait.",
    instead: "Put a check on the table; to a domain, add it with NOT VALID and validate it in a later migration.",
  },
  "identifier-too-long": {
    level: "warning",
    about: "a name of more than 63 bytes",
    why: "PostgreSQL cuts it, silently, and two long names may become one.",
    instead: "Shorten it.",
  },
  "no-down": {
    level: "warning",
    about: "a migration that cannot be reverted",
    why: "`down` refuses it, so a release that goes wrong cannot go back past it.",
    instead: "Write the down, or say in a lint:ignore why there is none.",
  },
  syntax: {
    level: "error",
    about: "SQL that does not parse",
    why: "The migration would fail.",
    instead: "Mend the statement.",
  },
  refused: {
    level: "error",
    about: "something that the migrator refuses to run",
    why: "`up` ends with exit 4 before it touches anything.",
    instead: "See the message.",
  },
  "bad-ignore": {
    level: "error",
    about: "a lint:ignore without a reason, of an unknown rule, or that ignores nothing",
    why: "It hides nothing today and may hide something tomorrow.",
    instead: 'Write "-- lint:ignore rule: reason" above the statement or in the first lines of the file, or delete it.',
  },
} as const satisfies Record<string, Rule>;
