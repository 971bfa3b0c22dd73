import type { Rule } from "./rule";

const twoReleases =
  "First release code that no longer uses it; then, in a later migration, remove it with a lint:ignore that says since when.";

/** What breaks the revision that still runs while the new one starts. */
export const breakingRules = {
  "drop-column": {
    level: "error",
    about: "a column is dropped",
    why: "The running revision may still read or write it, and its values are gone.",
    instead: twoReleases,
  },
  "drop-table": {
    level: "error",
    about: "a table, view, sequence or schema is dropped",
    why: "The running revision may still use it; what a table held is gone.",
    instead: twoReleases,
  },
  "drop-function": {
    level: "error",
    about: "a function, procedure, aggregate or extension is dropped",
    why: "The running revision, or a trigger, may still call it.",
    instead: `CREATE OR REPLACE it where its signature stays. ${twoReleases}`,
  },
  "drop-type": {
    level: "error",
    about: "a type or domain is dropped, or loses an attribute",
    why: "The running revision may still name it, in a cast or a parameter.",
    instead: twoReleases,
  },
  "drop-database": {
    level: "error",
    about: "a database is dropped, or all that a role owns",
    why: "It is gone with everything in it, and no migration can tell what that was.",
    instead: "Do it by hand, behind a backup.",
  },
  rename: {
    level: "error",
    about: "a table, column, type, enum value or the like is renamed or moved to another schema",
    why: "The running revision asks for the old name, and fails from that moment.",
    instead:
      "Add the new one beside it and move over in steps; for a table, leave a view of the old name in the same transaction.",
  },
  "drop-not-null": {
    level: "warning",
    about: "a column may be null from now on",
    why: "The running revision has never seen a null there.",
    instead: "Release code that can read nulls first.",
  },
  cascade: {
    level: "error",
    about: "CASCADE",
    why: "It drops whatever depends on the object, and that may be more in production than here.",
    instead: "Name and drop what depends on it, one by one.",
  },
  truncate: {
    level: "error",
    about: "a table is emptied",
    why: "Its rows are gone, at once, while reads and writes wait; with CASCADE those of the tables that refer to it too.",
    instead: "DELETE in batches, or release code that no longer needs the table and drop it.",
  },
  "disable-trigger": {
    level: "error",
    about: "triggers or rules are turned off",
    why: "What they guard, foreign keys included, is unguarded for everybody meanwhile, and nothing checks it afterwards.",
    instead: "Leave them on; have the trigger's function look at a setting of the session if it must be passed by.",
  },
} as const satisfies Record<string, Rule>;
