import type { Server } from "node:http";
import type { FastifyInstance } from "fastify";

/**
 * Calls back once on the first SIGTERM or SIGINT. Later ones are ignored: Ctrl-C reaches a worker twice, from the
 * terminal and from the primary.
 */
export function onStopSignal(stop: (signal: NodeJS.Signals) => void): void {
  let stopped = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (!stopped) {
        stopped = true;
        stop(signal);
      }
    });
  }
}

/**
 * Stops accepting, lets requests in flight finish, then closes what they used.
 *
 * @param closeResources runs when the last request was answered.
 * @returns false when the deadline came first.
 */
export async function closeGracefully(
  app: FastifyInstance,
  closeResources: () => Promise<void>,
  deadlineMs: number,
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), deadlineMs);
  });
  const closed = (async () => {
    await app.close();
    await closeResources();
    return true;
  })();
  const clean = await Promise.race([closed, deadline]);
  clearTimeout(timer);
  return clean;
}

/**
 * Cuts the connections that carry no request once the app is closing. Node itself ends only those that carried one before:
 * a connection opened ahead of need, as browsers and load balancers do, would hold the shutdown up until its deadline.
 */
export function cutSilentConnections(app: FastifyInstance): void {
  const server = app.server as Server;
  let inFlight = 0;
  let closing = false;
  const cutWhenIdle = () => {
    if (closing && inFlight === 0) {
      server.closeAllConnections();
    }
  };
  server.on("request", (_request, response) => {
    inFlight += 1;
    response.once("close", () => {
      inFlight -= 1;
      cutWhenIdle();
    });
  });
  app.addHook("preClose", (done) => {
    closing = true;
    cutWhenIdle();
    done();
  });
}
