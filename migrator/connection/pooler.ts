import { Client } from "pg";
import { type SchemagateError, usageError } from "../errors";
import { answerWithin, close } from "./connect";
import { isPooled } from "./pooler-warning";

/** How often this session and its witness look in turn; more than one because others may use the pool meanwhile. */
const rounds = 3;
/** Longest wait for the witness: a pool without a free connection lets it queue. */
const answerMs = 10_000;

/**
 * Proves that the server process behind a connection serves nobody else, so that a session's lock holds (INV-7).
 *
 * Costs nothing where the process is the one the server named when the connection opened. Where it is another, a pooler
 * sits between. In transaction mode the pooler gives an idle session's server process to whoever comes next: so a
 * witness connects the same way, and this session's process must not have run anything since this session used it.
 *
 * @param pid the server process that answers on the connection.
 * @throws usage (exit 2) behind a pooler in transaction mode. Nothing was changed.
 */
export async function assertOwnBackend(client: Client, pid: number): Promise<void> {
  if (!isPooled(client, pid)) {
    return;
  }
  const witness = openWitness(client);
  const hear = <T>(answer: Promise<T>) =>
    answerWithin(witness, answerMs, answer).catch((error) => {
      throw unprovenError(client, error);
    });
  try {
    await hear(witness.connect());
    for (let round = 0; round < rounds; round += 1) {
      const mine = await look(client);
      const { rowCount } = await hear(witness.query(asLeft(mine)));
      if (mine.pid !== pid || rowCount !== 1) {
        throw poolerError(client);
      }
    }
  } finally {
    await close(witness);
  }
}

/** A session's use of its server process: which one, and when. */
interface Look {
  readonly pid: number;
  /** Seconds: how a time is written as text depends on settings. */
  readonly at: string;
}

/** Uses the server process, and says when. As one message, without parameters: so that its time is one. */
async function look(client: Client): Promise<Look> {
  const sql = "SELECT pg_backend_pid() AS pid, extract(epoch FROM statement_timestamp())::text AS at";
  return (await client.query(sql)).rows[0];
}

/** Finds the server process if it did nothing since; also not this query, for which it would do. */
function asLeft({ pid, at }: Look): string {
  return `SELECT FROM pg_stat_activity WHERE pid = ${Number(pid)} AND extract(epoch FROM query_start) = '${at}'::numeric`;
}

/** A second connection to where the first one goes. */
function openWitness({ host, port, user, password, database, ssl, ...client }: Client): Client {
  const { sslNegotiation: sslnegotiation } = client as unknown as { sslNegotiation: "postgres" | "direct" };
  const witness = new Client({ host, port, user, password: password ?? undefined, database, ssl, sslnegotiation });
  witness.on("error", () => undefined);
  return witness;
}

const remedy = "Connect to the server itself: port 5432, where PgBouncer on Azure has 6432.";

function poolerError({ host, port }: Client): SchemagateError {
  return usageError({
    code: "pooler",
    message: `a pooler in transaction mode sits between this run and the database (${host}:${port}): the migration lock would not hold`,
    hint: `${remedy} A pooler in session mode would do.`,
  });
}

function unprovenError({ host, port }: Client, error: unknown): SchemagateError {
  return usageError({
    code: "pooler-unproven",
    message:
      `a pooler sits between this run and the database (${host}:${port}), and whether the migration lock would hold ` +
      `cannot be proven: a second connection fails (${error instanceof Error ? error.message : String(error)})`,
    hint: `${remedy} Or give the pool more connections than there are replicas.`,
  });
}
