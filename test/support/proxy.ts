import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** What becomes of a message on its way to the server. */
export type Fate =
  /** It arrives. */
  | "pass"
  /** It does not arrive, and the connection is cut. */
  | "lost"
  /** It arrives and is carried out; the answer is lost, and the connection is cut. */
  | "answer lost";

/** A TCP proxy in front of a server, for the network's faults. */
export interface TestProxy {
  /** A URL of the server, through the proxy. */
  readonly through: (url: string) => string;
  /** Connections so far. */
  readonly connections: () => number;
  /** Cuts all open connections. */
  readonly cut: () => void;
  /** Stops forwarding, silently: both ends believe that the connection lives. @param future new ones as well */
  readonly freeze: (future: boolean) => void;
  readonly close: () => Promise<void>;
}

export interface ProxyOptions {
  /** How long each message is under way. @default 0 */
  readonly delayMs?: number;
  /** Decides on each message to the server. @default all pass */
  readonly decide?: (message: string) => Fate;
}

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  frozen: boolean;
}

/** Starts a proxy in front of the server of a URL. */
export async function startProxy(url: string, options: ProxyOptions = {}): Promise<TestProxy> {
  const target = new URL(url);
  const links = new Set<Link>();
  let freezeFuture = false;
  let connections = 0;
  const listener = createServer((client) => {
    connections += 1;
    const server = connect(Number(target.port), target.hostname);
    const link: Link = { client, server, frozen: freezeFuture };
    links.add(link);
    client.on("close", () => links.delete(link));
    join(link, options);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  return {
    through: (original) => {
      const changed = new URL(original);
      changed.hostname = "127.0.0.1";
      changed.port = String((listener.address() as AddressInfo).port);
      return changed.href;
    },
    connections: () => connections,
    cut: () => links.forEach(cut),
    freeze: (future) => {
      freezeFuture = future;
      for (const link of links) {
        link.frozen = true;
      }
    },
    close: () => {
      links.forEach(cut);
      return new Promise((resolve) => listener.close(() => resolve()));
    },
  };
}

function cut({ client, server }: Link): void {
  client.destroy();
  server.destroy();
}

function join(link: Link, { delayMs = 0, decide = () => "pass" }: ProxyOptions): void {
  const { client, server } = link;
  let answerLost = false;
  const forward = (to: Socket, chunk: Buffer) => {
    const write = () => void (!link.frozen && to.writable && to.write(chunk));
    delayMs > 0 ? setTimeout(write, delayMs) : write();
  };
  client.on("data", (chunk) => {
    const fate = link.frozen ? "pass" : decide(chunk.toString("latin1"));
    if (fate === "lost") {
      cut(link);
      return;
    }
    answerLost ||= fate === "answer lost";
    forward(server, chunk);
  });
  server.on("data", (chunk) => (answerLost ? cut(link) : forward(client, chunk)));
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    from.on("error", () => undefined);
    from.on("close", () => void (!link.frozen && to.destroy()));
  }
}
