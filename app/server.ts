import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from "fastify";
import { driverError, isDatabaseUnavailable, openDatabase } from "./database";
import { type HealthOptions, registerHealth } from "./health";
import { registerCustomers } from "./routes/customers";
import { registerOrders } from "./routes/orders";

/** Creates a Fastify instance with the app's limits and log, and no routes. */
export function createServer(logLevel: string): FastifyInstance {
  const app = Fastify({
    logger: { level: logLevel },
    bodyLimit: 100 * 1024,
    // Fastify counts from 1 in each process; the log of several workers and replicas is one.
    genReqId: () => randomUUID(),
    // A client that sends its request slower than this is not a client (Fastify's default is for ever).
    requestTimeout: 30_000,
    // Input is taken as it is or refused: no "2" for 2, no unknown property dropped in silence.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  app.setErrorHandler<FastifyError>((thrown, request, reply) => {
    const error = driverError(thrown);
    if (isDatabaseUnavailable(error)) {
      request.log.warn({ cause: error.message, code: error.code }, "database unavailable");
      return answer(reply.header("retry-after", "1"), 503, "the database is unavailable, try again");
    }
    if (error.statusCode && error.statusCode < 500) {
      return answer(reply, error.statusCode, error.message);
    }
    // The message of an unforeseen error is for the log: it may name tables, values or hosts.
    request.log.error({ err: error }, "request failed");
    return answer(reply, 500, `unexpected error, see the log of request ${request.id}`);
  });
  return app;
}

/** Every error has the shape of Fastify's own, which also come from before the handlers, as for an unknown path. */
function answer(reply: FastifyReply, statusCode: number, message: string): FastifyReply {
  return reply.code(statusCode).send({ statusCode, error: STATUS_CODES[statusCode], message });
}

/** Adds the health checks and the API. */
export function registerRoutes(app: FastifyInstance, options: HealthOptions): void {
  registerHealth(app, options);
  const db = openDatabase(options.db);
  registerCustomers(app, db);
  registerOrders(app, db);
}
