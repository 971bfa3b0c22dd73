import { DrizzleQueryError } from "drizzle-orm/errors";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import type { FastifyBaseLogger } from "fastify";
import { Pool } from "pg";
import { connectionConfig, exitCodes, SchemagateError } from "../migrator";

/** What repositories query. */
export type Database = NodePgDatabase;

/** Queries of Drizzle over a pool. */
export function openDatabase(pool: Pool): Database {
  return drizzle(pool);
}

/**
 * Opens the pool of one worker. Nothing connects before the first query.
 *
 * @param max connections at most.
 * @throws usage (exit 2) when the environment names no database.
 */
export function createPool(env: NodeJS.ProcessEnv, max: number, log: FastifyBaseLogger): Pool {
  const pool = new Pool({
    ...connectionConfig(env),
    application_name: "orders-api",
    max,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 5_000,
    // Kept by the client and not as the server's statement_timeout, which a transaction pooler refuses or loses.
    query_timeout: 15_000,
    keepAlive: true,
  });
  // A pooled connection that dies while idle (failover, maintenance) is an event, not a crash; the pool opens another.
  pool.on("error", (error) => log.warn({ cause: error.message }, "idle database connection lost"));
  return pool;
}

/** The error of the driver: Drizzle's own carries the query's values, which are for no log. */
export function driverError<E>(error: E): E {
  return error instanceof DrizzleQueryError ? ((error.cause ?? new Error("query failed")) as E) : error;
}

const networkErrors = /^(ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;
/** SQLSTATEs: connection failures, too many connections, and a server that shuts down or starts. */
const unavailableStates = /^(08...|53300|57P0[123])$/;
/** Errors that pg raises without any code. */
const unavailableMessages = /^(timeout exceeded when trying to connect|Connection terminated|Query read timeout)/;

/** Whether an error says that the database cannot be used now, rather than that a query was wrong. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof SchemagateError) {
    // No Entra token to be had.
    return error.exitCode === exitCodes.connection;
  }
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  return typeof code === "string"
    ? networkErrors.test(code) || unavailableStates.test(code)
    : unavailableMessages.test(String(message));
}
