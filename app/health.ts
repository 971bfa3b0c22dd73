import type { FastifyInstance } from "fastify";
import type { Pool } from "pg";
import { exitCodes, isCurrent, SchemagateError, type Source } from "../migrator";

/** What readiness is measured against. */
export interface HealthOptions {
  readonly db: Pool;
  /** The migrations this image carries, read once at start. */
  readonly source: Source;
  readonly ledgerSchema: string;
}

/** Why no request should be sent here; undefined when ready. */
export type Unreadiness = "database unreachable" | "schema behind" | "ledger unreadable";

/** Below the shortest probe timeout in use, so that the prober gets the reason rather than nothing. */
const checkTimeoutMs = 2_000;

/**
 * `/health/live`: this process answers; it asks nothing else, because restarting the app mends no database.
 * `/health/ready`: the database answers and its schema is current (or ahead: an older image must serve after a rollback).
 */
export function registerHealth(app: FastifyInstance, options: HealthOptions): void {
  let running: Promise<Unreadiness | undefined> | undefined;
  let last: Unreadiness | undefined | "never asked" = "never asked";

  // Probes come every few seconds for as long as the app lives: they are not worth a log line, a change of answer is.
  app.get("/health/live", { logLevel: "warn" }, async () => ({ status: "live" }));

  app.get("/health/ready", { logLevel: "warn" }, async (_request, reply) => {
    // Callers that arrive together share one query: the endpoint must not become a lever against the database.
    running ??= checkReadiness(app, options).finally(() => {
      running = undefined;
    });
    const reason = await running;
    if (reason !== last) {
      last = reason;
      app.log.info({ reason }, reason === undefined ? "ready" : "not ready");
    }
    return reason === undefined
      ? { status: "ready" }
      : reply.code(503).header("cache-control", "no-store").send({ status: "not ready", reason });
  });
}

async function checkReadiness(app: FastifyInstance, options: HealthOptions): Promise<Unreadiness | undefined> {
  const { db, source, ledgerSchema } = options;
  try {
    return (await withinTime(isCurrent(db, source, { ledgerSchema }))) ? undefined : "schema behind";
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    app.log.warn({ cause: message, code }, "readiness check failed");
    return hasAnswered(error, code) ? "ledger unreadable" : "database unreachable";
  }
}

/** Whether the database did answer, and the ledger is closed to this role (SQLSTATE class 42) or of another format. */
function hasAnswered(error: unknown, code = ""): boolean {
  return error instanceof SchemagateError ? error.exitCode !== exitCodes.connection : code.startsWith("42");
}

async function withinTime<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${checkTimeoutMs} ms`)), checkTimeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
