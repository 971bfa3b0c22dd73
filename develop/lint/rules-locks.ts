import type { Rule } from "./rule";

/** What makes reads and writes wait. */
export const lockRules = {
  "missing-concurrently": {
    level: "error",
    about:
      "an index is built, dropped or rebuilt, a materialized view refreshed or a partition detached without CONCURRENTLY",
    why: "Writes to the table, with some of these reads as well, wait until it is done.",
    instead: "Write CONCURRENTLY, in a migration of its own with `-- migrate:up transaction:false`.",
  },
  "concurrently-in-transaction": {
    level: "error",
    about: "CONCURRENTLY inside a transaction",
    why: "PostgreSQL refuses it there: the migration would fail.",
    instead: "Put it into a migration of its own with `-- migrate:up transaction:false`.",
  },
  "unnamed-index": {
    level: "warning",
    about: "an index is built CONCURRENTLY without a name",
    why: "What fails halfway leaves an invalid index behind: only a name says later which one it was, and IF NOT EXISTS needs one.",
    instead: "Give it a name: CREATE INDEX CONCURRENTLY orders_total_idx ON orders (total).",
  },
  "table-rewrite": {
    level: "error",
    about: "a statement that writes a table anew",
    why: "Reads and writes wait until every row and every index has been written, and the disk holds both copies meanwhile.",
    instead: "Make a new table or column, fill it in batches, and switch over to it.",
  },
  "column-type-change": {
    level: "error",
    about: "a column gets a type that its values must be converted to",
    why: "The table is written anew, or at least read whole, while reads and writes wait.",
    instead:
      "Add a column of the new type, write both, fill it in batches, switch over, and drop the old one in a later release.",
  },
  "add-serial-column": {
    level: "error",
    about: "a serial or identity column is added",
    why: "Every row gets a number: the table is written anew while reads and writes wait.",
    instead:
      "Add a nullable bigint, number new rows by default and old ones in batches; then turn it into an identity column.",
  },
  "set-not-null": {
    level: "error",
    about: "NOT NULL without a validated check that proves it",
    why: "The whole table is read while reads and writes wait.",
    instead:
      "ADD CONSTRAINT … CHECK (column IS NOT NULL) NOT VALID, in a later migration VALIDATE CONSTRAINT; then SET NOT NULL reads nothing.",
  },
  "add-required-column": {
    level: "error",
    about: "a NOT NULL column without a default is added",
    why: "It fails as soon as the table holds a row, and the running revision, which does not know the column, could insert none.",
    instead: "Give it a constant default, or add it nullable, fill it in batches and make it NOT NULL later.",
  },
  "constraint-not-valid": {
    level: "error",
    about: "a foreign key or check is added without NOT VALID",
    why: "All rows are checked while writes, for a check reads as well, wait.",
    instead: "Add it with NOT VALID, and VALIDATE CONSTRAINT in a later migration: that lets reads and writes pass.",
  },
  "validate-in-same-transaction": {
    level: "error",
    about: "NOT VALID and VALIDATE CONSTRAINT in one transaction",
    why: "The strong lock of the first is held until all rows are checked, as if NOT VALID were not there.",
    instead: "Put VALIDATE CONSTRAINT into a migration of its own.",
  },
  "unique-without-index": {
    level: "error",
    about: "a unique, primary key or exclusion constraint builds its index",
    why: "Reads and writes wait until the index is built.",
    instead:
      "CREATE UNIQUE INDEX CONCURRENTLY in a migration with transaction:false, then ADD CONSTRAINT … USING INDEX in the next one.",
  },
  "lock-blocking": {
    level: "warning",
    about: "a lock that blocks for longer than a moment, or on several tables at once",
    why: "What waits for one of the locks holds the others, and traffic queues behind all of them.",
    instead: "Lock one table in a migration, for a change of the catalog alone.",
  },
  "work-under-lock": {
    level: "error",
    about: "rows are written or checked while a lock from earlier in the transaction blocks a table",
    why: "The lock is held until the transaction ends, so traffic on that table waits for all of the work.",
    instead: "Put the work into a migration of its own.",
  },
  "no-lock-timeout": {
    level: "error",
    about: "lock_timeout is turned off where a lock may have to be waited for",
    why: "While the statement waits behind a long query, everybody else on the table waits behind the statement.",
    instead: "Leave it to the migrator: 5 s by default, then it rolls back and tries again.",
  },
} as const satisfies Record<string, Rule>;
