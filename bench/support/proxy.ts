import { type AddressInfo, connect, createServer } from "node:net";

/** What went over the wire. */
export interface Traffic {
  readonly connections: number;
  /** From the first query on: how often the client waited for an answer. */
  readonly roundTrips: number;
  /** In both directions, logging in included. */
  readonly bytes: number;
  /** The connections, one by one. */
  readonly links: readonly Link[];
}

/** One connection, from its beginning to its end. */
export interface Link {
  readonly roundTrips: number;
  readonly openMs: number;
}

export interface CountingProxy {
  readonly through: (url: string) => string;
  readonly traffic: () => Traffic;
  readonly close: () => Promise<void>;
}

/** What a client sends to log in: the startup message has no type, an answer to a question about passwords has `p`. */
const isLogin = (chunk: Buffer, isFirst: boolean) => isFirst || chunk[0] === 0x70;
/** Terminate, which nobody answers. */
const isGoodbye = (chunk: Buffer) => chunk[0] === 0x58;

/** Starts a TCP proxy that counts, in front of the server of a URL. */
export async function startCountingProxy(url: string): Promise<CountingProxy> {
  const target = new URL(url);
  let bytes = 0;
  const links: { roundTrips: number; openMs: number }[] = [];
  const listener = createServer((client) => {
    const start = performance.now();
    const link = { roundTrips: 0, openMs: 0 };
    links.push(link);
    client.on("close", () => {
      link.openMs = performance.now() - start;
    });
    const server = connect(Number(target.port), target.hostname);
    const counter = new RoundTrips();
    client.on("data", (chunk) => {
      bytes += chunk.length;
      link.roundTrips += counter.sent(chunk) ? 1 : 0;
      server.write(chunk);
    });
    server.on("data", (chunk) => {
      bytes += chunk.length;
      counter.received();
      client.write(chunk);
    });
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on("error", () => undefined);
      from.on("close", () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  return {
    through: (original) => {
      const changed = new URL(original);
      changed.port = String((listener.address() as AddressInfo).port);
      return changed.href;
    },
    traffic: () => ({
      connections: links.length,
      roundTrips: links.reduce((sum, { roundTrips }) => sum + roundTrips, 0),
      bytes,
      links: links.map((link) => ({ ...link })),
    }),
    close: () => new Promise((resolve) => listener.close(() => resolve())),
  };
}

/** Counts on one connection: a round trip begins with whatever a client sends first after an answer. */
export class RoundTrips {
  private isFirst = true;
  private waiting = false;

  /** @returns whether a round trip begins, other than one to log in. */
  sent(chunk: Buffer): boolean {
    const counts = !isLogin(chunk, this.isFirst) && !isGoodbye(chunk) && !this.waiting;
    this.isFirst = false;
    this.waiting ||= counts;
    return counts;
  }

  received(): void {
    this.waiting = false;
  }
}
