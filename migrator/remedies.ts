/** What to do about an error of the server that has a remedy of its own. */
export interface Remedy {
  readonly code: string;
  readonly hint: string;
}

/** By SQLSTATE (PostgreSQL's documentation, appendix A). */
const remedies: Readonly<Record<string, Remedy>> = {
  "25001": {
    code: "needs-no-transaction",
    hint: "PostgreSQL runs this statement only outside a transaction: say `transaction:false` behind the marker of this direction: `-- migrate:up transaction:false`, or the same with down.",
  },
  "25006": {
    code: "read-only",
    hint:
      "The server takes no writes. Either this is a standby, as after a failover: connect to the primary. Or Azure made " +
      "it read-only because its storage is 95 % full: enlarge the storage. Or default_transaction_read_only is on for " +
      "the role or the database, or was set by the migration before: use SET LOCAL there. Then run again.",
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
  "57P03": {
    code: "server-starting",
    hint:
      "The server starts, stops, recovers or fails over. Wait longer with --connect-timeout SECONDS; look at its log " +
      "when it takes long.",
  },
};

/** Finds the remedy for an SQLSTATE, if it has one. */
export function remedyFor(sqlState: string | undefined): Remedy | undefined {
  return sqlState === undefined ? undefined : remedies[sqlState];
}
