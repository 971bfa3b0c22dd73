import type { DatabaseError } from "pg";

/** Another session was in the way of a statement, which may well succeed when it is tried again. */
export interface InTheWay {
  readonly reason: string;
  /** What to do when it is in the way each time. */
  readonly hint: string;
}

const moreRetries = "or let it be tried more often with --retries COUNT";

/** By SQLSTATE (PostgreSQL's documentation, appendix A). */
const bySqlState: Readonly<Record<string, InTheWay>> = {
  "55P03": {
    reason: "lock timeout",
    hint:
      `Traffic was in the way each time. End the sessions that the warnings name, ${moreRetries}, or wait longer at a time ` +
      "with --lock-timeout SECONDS: others queue behind it as long.",
  },
  "40P01": {
    reason: "deadlock",
    hint: `Another session was in the way each time, as the detail says. Let it end, ${moreRetries}.`,
  },
  "40001": {
    reason: "serialization failure",
    hint: `Other sessions changed the same rows each time. Run it again when there is less traffic, ${moreRetries}.`,
  },
};

const catalogRace: InTheWay = {
  reason: "another session changed the same object",
  hint:
    "Another session changed the same object each time, or made one of the same name: see who it is in pg_stat_activity. " +
    `Let it end and run again, ${moreRetries}.`,
};

/**
 * Of all internal errors (XX000), what is raised when another session changes or drops what was just looked up. PostgreSQL
 * does not translate them (elog).
 */
const lostRaces =
  /^(tuple concurrently (updated|deleted)$|cache lookup failed for |could not find tuple for |could not open relation with OID )/;

/** Finds what was in the way of a statement that failed; undefined where the statement itself is at fault. */
export function findInTheWay(error: unknown): InTheWay | undefined {
  const { code = "", message = "", schema } = (error ?? {}) as Partial<DatabaseError>;
  // Two sessions made one name at once: the unique index of the catalog tells the later one, IF NOT EXISTS or not.
  const isRace = (code === "XX000" && lostRaces.test(message)) || (code === "23505" && schema === "pg_catalog");
  return isRace ? catalogRace : bySqlState[code];
}
