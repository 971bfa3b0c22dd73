import { createServer, type Server, type Socket, connect as tcpConnect } from "node:net";

/**
 * One thing a client asks of the server and waits for: a simple query, or the messages of an extended one up to its Sync.
 * The protocol's chapter 54.2 is what this file goes by: PostgreSQL documentation, "Message Flow".
 */
export interface Unit {
  /** From 1, in the order the server would see them. */
  readonly number: number;
  /** From 1, in the order they were opened. */
  readonly connection: number;
  readonly sql: string;
}

/** When the client is killed. */
export interface KillPoint {
  readonly unit: number;
  /**
   * `before`: the server never sees the unit. `during`: it has just begun with it. `after`: it has answered, and the client
   * never sees the answer.
   */
  readonly moment: "before" | "during" | "after";
}

/** A proxy between one client and the server. */
export interface KillProxy {
  /** URL of the database, by way of the proxy. */
  readonly url: string;
  /** What the client asked so far. */
  readonly units: readonly Unit[];
  /** The unit at which the client was killed. */
  readonly killedAt: Unit | undefined;
  readonly close: () => Promise<void>;
}

/**
 * Starts a proxy that reads what passes and kills its client at one point.
 *
 * @param upstreamUrl the real database.
 * @param kill where, and how; none to count units only.
 */
export async function startKillProxy(
  upstreamUrl: string,
  kill?: { readonly point: KillPoint; readonly client: () => void },
): Promise<KillProxy> {
  const upstream = new URL(upstreamUrl);
  const units: Unit[] = [];
  let killedAt: Unit | undefined;
  let connections = 0;
  const counter: Counter = {
    next: (connection, sql) => {
      const unit = { number: units.length + 1, connection, sql };
      units.push(unit);
      return unit;
    },
    isKillPoint: (unit, moment) => kill?.point.unit === unit.number && kill.point.moment === moment,
    kill: (unit) => {
      killedAt = unit;
      kill?.client();
    },
  };
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const backend = tcpConnect(Number(upstream.port), upstream.hostname);
    connections += 1;
    relay(client, backend, connections, counter);
    for (const socket of [client, backend]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    }
  });
  const url = new URL(upstreamUrl);
  url.port = String(await listen(server));
  return {
    url: url.href,
    units,
    get killedAt() {
      return killedAt;
    },
    close: () => {
      for (const socket of sockets) {
        socket.destroy();
      }
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface Counter {
  readonly next: (connection: number, sql: string) => Unit;
  readonly isKillPoint: (unit: Unit, moment: KillPoint["moment"]) => boolean;
  readonly kill: (unit: Unit) => void;
}

/** Passes messages on in both directions, whole units at a time, until the client is killed. */
function relay(client: Socket, backend: Socket, connection: number, counter: Counter): void {
  const asked = new MessageReader("frontend");
  const answered = new MessageReader("backend");
  let messages: Message[] = [];
  let current: Unit | undefined;
  let withheld = false;

  client.on("data", (chunk) => {
    for (const message of withheld ? [] : asked.read(chunk)) {
      messages.push(message);
      if (isPartOfUnit(message)) {
        continue;
      }
      current = isEndOfUnit(message) ? counter.next(connection, sqlOf(messages)) : undefined;
      if (current && counter.isKillPoint(current, "before")) {
        withheld = true;
        counter.kill(current);
        return;
      }
      backend.write(Buffer.concat(messages.map(({ bytes }) => bytes)));
      messages = [];
      if (current && counter.isKillPoint(current, "during")) {
        withheld = true;
        counter.kill(current);
      }
    }
  });
  backend.on("data", (chunk) => {
    for (const message of answered.read(chunk)) {
      if (!current || !counter.isKillPoint(current, "after")) {
        client.write(message.bytes);
      } else if (message.type === "Z" && !withheld) {
        withheld = true;
        counter.kill(current);
      }
    }
  });
  // A killed process's connection is closed by its kernel, and so is the server's end of it here.
  for (const [socket, other] of [
    [client, backend],
    [backend, client],
  ] as const) {
    socket.setNoDelay(true);
    socket.on("error", () => undefined);
    socket.on("close", () => other.destroy());
  }
}

interface Message {
  /** Letter of the message; empty for those of the start, which have none. */
  readonly type: string;
  readonly bytes: Buffer;
}

/** Cuts a stream into the protocol's messages: a letter, a length that counts itself, a body. */
class MessageReader {
  private rest = Buffer.alloc(0);
  private started: boolean;

  /** @param side a client's first message has no letter. TLS is not understood: nobody asks for it on this machine. */
  constructor(side: "frontend" | "backend") {
    this.started = side === "backend";
  }

  read(chunk: Buffer): Message[] {
    this.rest = Buffer.concat([this.rest, chunk]);
    const messages: Message[] = [];
    for (let message = this.next(); message; message = this.next()) {
      messages.push(message);
    }
    return messages;
  }

  private next(): Message | undefined {
    const letter = this.started ? 1 : 0;
    const length = this.rest.length < letter + 4 ? undefined : letter + this.rest.readInt32BE(letter);
    if (length === undefined || this.rest.length < length) {
      return undefined;
    }
    const bytes = this.rest.subarray(0, length);
    this.rest = this.rest.subarray(length);
    const type = this.started ? String.fromCharCode(bytes[0] ?? 0) : "";
    this.started = true;
    return { type, bytes };
  }
}

/** Query and Sync are what the server answers with ReadyForQuery. */
function isEndOfUnit({ type }: Message): boolean {
  return type === "Q" || type === "S";
}

/** Parse, Bind, Describe, Execute and Close do nothing that lasts before their Sync. */
function isPartOfUnit({ type }: Message): boolean {
  return ["P", "B", "D", "E", "C"].includes(type);
}

/** SQL of a Query, or of the unit's Parse, where it stands behind the statement's name. */
function sqlOf(messages: readonly Message[]): string {
  const message = messages.find(({ type }) => type === "Q" || type === "P");
  const [first = "", second = ""] = message?.bytes.subarray(5).toString().split("\0") ?? [];
  return (message?.type === "P" ? second : first).replace(/\s+/g, " ").trim();
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}
