import type { Client } from "pg";
import { type Check, checksOf } from "./check";

const { ok, warning, problem } = checksOf("settings");

export interface SettingFacts {
  readonly inRecovery: boolean;
  readonly readOnly: boolean;
  readonly standardStrings: boolean;
  /** Whether the server notices by itself that a client is gone. */
  readonly checksClients: boolean;
  /** What this role starts with in this database, in milliseconds; 0 is none. */
  readonly timeouts: Readonly<Record<string, number>>;
  readonly connections: { readonly used: number; readonly max: number };
}

/** Timeouts that may end a run. */
const timeouts = [
  "lock_timeout",
  "statement_timeout",
  "transaction_timeout",
  "idle_in_transaction_session_timeout",
  "idle_session_timeout",
] as const;

/** Reads the server's settings, as a new session of this role has them. */
export async function readSettings(client: Client): Promise<SettingFacts> {
  // reset_val: what this very transaction has set for itself does not count.
  const { rows } = await client.query(
    `SELECT name, reset_val AS value FROM pg_settings
      WHERE name = ANY($1) OR name IN ('default_transaction_read_only', 'standard_conforming_strings')`,
    [timeouts],
  );
  const values = Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  const recovery = await client.query("SELECT pg_is_in_recovery() AS value");
  return {
    inRecovery: recovery.rows[0].value,
    readOnly: values.default_transaction_read_only === "on",
    standardStrings: values.standard_conforming_strings === "on",
    checksClients: await canCheckClients(client),
    timeouts: Object.fromEntries(timeouts.map((name) => [name, Number(values[name] ?? 0)])),
    connections: await readConnections(client),
  };
}

/** The setting exists since 14 and is refused where the server's system cannot tell. */
async function canCheckClients(client: Client): Promise<boolean> {
  await client.query("SAVEPOINT checks_clients");
  try {
    await client.query("SET LOCAL client_connection_check_interval = '10s'");
    return true;
  } catch {
    return false;
  } finally {
    await client.query("ROLLBACK TO SAVEPOINT checks_clients");
  }
}

async function readConnections(client: Client): Promise<{ used: number; max: number }> {
  // reserved_connections exists since 16. Limits of role and database are -1 where there are none.
  const { rows } = await client.query(
    `WITH server AS (
       SELECT count(*)::integer AS used FROM pg_stat_activity WHERE coalesce(backend_type, 'client backend') = 'client backend'
     ), limits AS (
       SELECT (SELECT used FROM server) AS used,
              current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
                - coalesce(current_setting('reserved_connections', true), '0')::integer AS max
       UNION ALL
       SELECT (SELECT count(*)::integer FROM pg_stat_activity WHERE usename = current_user), rolconnlimit
         FROM pg_roles WHERE rolname = current_user AND rolconnlimit >= 0 AND NOT rolsuper
       UNION ALL
       SELECT (SELECT count(*)::integer FROM pg_stat_activity WHERE datname = current_database()), datconnlimit
         FROM pg_database WHERE datname = current_database() AND datconnlimit >= 0
     )
     SELECT used, max FROM limits ORDER BY max - used LIMIT 1`,
  );
  return rows[0];
}

/** Judges the server's settings. */
export function judgeSettings(facts: SettingFacts): Check[] {
  return [
    judgeWriting(facts),
    judgeConnections(facts.connections),
    ...judgeTimeouts(facts.timeouts),
    facts.checksClients
      ? ok("client-check", "the server can notice a dead client during a statement (client_connection_check_interval)")
      : warning(
          "client-check",
          "the server cannot notice a dead client during a statement (no client_connection_check_interval)",
          "After a crash of the migrator its last statement runs on, with its locks; see pg_stat_activity.",
        ),
    ...(facts.standardStrings ? [] : [judgeStrings()]),
  ];
}

function judgeWriting({ inRecovery, readOnly }: SettingFacts): Check {
  if (inRecovery) {
    return problem({
      code: "in-recovery",
      message: "the server is a read replica, or a standby that follows another server: nothing can be written",
      hint: "Name the primary server.",
    });
  }
  return readOnly
    ? problem({
        code: "read-only",
        message: "new transactions are read-only (default_transaction_read_only is on): nothing can be written",
        hint: "Servers turn it on when the disk is nearly full: make room first. Otherwise ALTER ROLE or DATABASE … RESET it.",
      })
    : ok("writable", "transactions can write");
}

/** What a herd of replicas and the app beside it would want to have left. */
const fewConnections = 5;

function judgeConnections({ used, max }: SettingFacts["connections"]): Check {
  const left = Math.max(0, max - used);
  const message = `${used} of ${max} connections are in use, ${left} left`;
  return left > fewConnections
    ? ok("connections", message)
    : warning(
        "connections",
        message,
        "New replicas may find none. End idle sessions, use smaller pools, or raise max_connections.",
      );
}

/** Longest pause between two statements of a run: the lock is polled in between. */
const longestPauseMs = 1_000;

function judgeTimeouts(values: SettingFacts["timeouts"]): Check[] {
  const set = timeouts.filter((name) => (values[name] ?? 0) > 0);
  const warnings = set.flatMap((name): Check[] => {
    const ms = values[name] ?? 0;
    if (name === "transaction_timeout") {
      const message = `transaction_timeout is ${ms} ms: the server ends a connection whose migration takes longer`;
      return [
        warning("transaction-timeout", message, "ALTER ROLE … SET transaction_timeout = 0 for the migrator's role."),
      ];
    }
    return name.startsWith("idle") && ms < longestPauseMs
      ? [
          warning(
            "idle-timeout",
            `${name} is ${ms} ms: the server may end a run between two statements`,
            `Set it to 0 for the migrator's role, or to more than ${longestPauseMs} ms.`,
          ),
        ]
      : [];
  });
  const words = set.map((name) => `${name} ${values[name]} ms`).join(", ");
  return [ok("timeouts", `timeouts that this role starts with: ${words || "none"}`), ...warnings];
}

function judgeStrings(): Check {
  return warning(
    "strings",
    "standard_conforming_strings is off: a backslash in a string means something else than schemagate reads",
    "ALTER ROLE … SET standard_conforming_strings = on for the migrator's role.",
  );
}
