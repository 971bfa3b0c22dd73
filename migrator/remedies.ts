/** What to do about an error of the server that has a remedy of its own. */
export interface Remedy {
  readonly code: string;
  readonly hint: string;
}

/** By SQLSTATE (PostgreSQL's documentation, appendix A). */
const remedies: Readonly<Record<string, Remedy>> = {
  "25001": {
    code: "needs-no-transaction",
    hint:
      "PostgreSQL runs this statement only outside a transaction, and not from a function: say `transaction:false` behind " +
      "the marker of this direction: `-- migrate:up transaction:false`, or the same with down; in a module " +
      "`export const transaction = false`.",
  },
  "25006": {
    code: "read-only",
    hint:
      "The server takes no writes. Either this is a standby, as after a failover: connect to the primary. Or Azure made " +
      "it read-only because its storage is 95 % full: enlarge the storage. Or default_transaction_read_only is on for " +
      "the role or the database, or was set by the migration before: use SET LOCAL there. Then run again.",
  },
  "25P03": {
    code: "idle-in-transaction-timeout",
    hint:
      "The server's idle_in_transaction_session_timeout ended the session: the migration did something other than queries for " +
      "longer than that. Do it outside of its transaction, or begin with SET LOCAL idle_in_transaction_session_timeout = 0.",
  },
  "25P04": {
    code: "transaction-timeout",
    hint:
      "The server's transaction_timeout ended the session: the migration takes longer. Begin it with SET LOCAL " +
      "transaction_timeout = 0, or change data in batches.",
  },
  "2D000": {
    code: "needs-no-transaction",
    hint:
      "COMMIT and ROLLBACK in a procedure or a DO block need that nothing around them is a transaction. The migration is one " +
      "unless it says `transaction:false` behind its marker (`-- migrate:up transaction:false`; in a module `export const " +
      "transaction = false`); what it committed then stays when it fails behind that. BEGIN around it, a function that calls " +
      "it and a block with EXCEPTION are in the way too.",
  },
  "42501": {
    code: "no-privilege",
    hint: "The role lacks a privilege: `doctor` says which, `bootstrap` grants what migrator and app need.",
  },
  "53100": {
    code: "disk-full",
    hint: "The server's disk is full: enlarge the storage, or drop what nobody needs, then run again.",
  },
  "53200": {
    code: "out-of-memory",
    hint: "The server has no memory left: lower work_mem or maintenance_work_mem, or choose a larger compute size.",
  },
  "53300": {
    code: "too-many-connections",
    hint:
      "See in pg_stat_activity who holds the connections. Make the apps' pools smaller, or raise max_connections " +
      "(on Azure: a larger compute size), then run again.",
  },
  "57P05": {
    code: "idle-session-timeout",
    hint: "The server's idle_session_timeout ended the session, which was idle between two statements for longer than that.",
  },
  "57P03": {
    code: "server-starting",
    hint:
      "The server starts, stops, recovers or fails over. Wait longer with --connect-timeout SECONDS; look at its log " +
      "when it takes long.",
  },
};

/** SET TRANSACTION behind other statements: it has the SQLSTATE of what runs only outside a transaction. */
const lateSetTransaction: Remedy = {
  code: "late-set-transaction",
  hint:
    "SET TRANSACTION is the first statement of a transaction, before any query and outside of savepoints: move it to the top " +
    "of the migration. Between BEGIN and COMMIT of a migration without a transaction, write BEGIN ISOLATION LEVEL ….",
};

/**
 * Finds the remedy for an SQLSTATE, if it has one.
 *
 * @param routine the server's function that raised the error, as the error's field tells it.
 */
export function remedyFor(sqlState: string | undefined, routine = "Prevent"): Remedy | undefined {
  // PreventInTransactionBlock (xact.c) is what refuses a statement in a transaction.
  if (sqlState === "25001" && !routine.startsWith("Prevent")) {
    return lateSetTransaction;
  }
  return sqlState === undefined ? undefined : remedies[sqlState];
}
