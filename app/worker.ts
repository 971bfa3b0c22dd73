import cluster from "node:cluster";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { ledgerSchema, loadSource, migrationsDir } from "../migrator";
import { createPool } from "./database";
import { createServer, registerRoutes } from "./server";
import { type AppSettings, ConfigurationError } from "./settings";
import { closeGracefully, cutSilentConnections, onStopSignal } from "./shutdown";

/** Serves from this process until SIGTERM or SIGINT. */
export async function startWorker(settings: AppSettings, env: NodeJS.ProcessEnv): Promise<void> {
  const app = createServer(settings.logLevel);
  const pool = createPool(env, settings.poolMax, app.log);
  onStopSignal(async (signal) => {
    app.log.info({ signal }, "stopping");
    const clean = await closeGracefully(app, () => pool.end(), settings.shutdownTimeoutMs);
    app.log[clean ? "info" : "error"](clean ? "stopped" : "stopped by the deadline, requests were cut off");
    process.exit(clean ? 0 : 1);
  });
  const source = await loadSource(migrationsDir(env));
  if (source.problems.length > 0) {
    throw new ConfigurationError(source.problems.map((problem) => problem.message));
  }
  cutSilentConnections(app);
  registerRoutes(app, { db: pool, source, ledgerSchema: ledgerSchema(env) });
  const address = await listen(app, settings);
  if (cluster.isPrimary) {
    app.log.info({ address }, "listening");
  }
}

/** @returns the URL. Not Fastify's own listen: that logs a line for every network interface, in every worker. */
async function listen(app: FastifyInstance, { host, port }: AppSettings): Promise<string> {
  await app.ready();
  app.server.listen({ host, port });
  await once(app.server, "listening");
  const { address, port: boundPort } = app.server.address() as AddressInfo;
  return httpUrl(address, boundPort);
}

/** URL of a listening address. */
export function httpUrl(address: string, port: number): string {
  return `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
}
