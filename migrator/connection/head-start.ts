import { Socket } from "node:net";
import { serialize } from "pg-protocol/dist/serializer";
import type { ConnectionConfig } from "./config";

/** From this one pg takes more than the migrator tells it. */
const variableOfPg = "PGREPLICATION";

let begun: { readonly socket: Socket; readonly opening: Opening } | undefined;

/** What a connection opens with. */
interface Opening {
  readonly host: string;
  readonly port: number;
  /** The startup message; where there is TLS, the question for it. */
  readonly message: Buffer;
}

/**
 * Begins a connection before pg is loaded: the server makes a process for it meanwhile, which takes it as long as loading
 * takes us. Nothing is told: `takeHeadStart` finds out how it went.
 *
 * @returns when the rest may be loaded.
 */
export async function beginConnection(
  config: ConnectionConfig,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const opening = openingOf(config);
  if (!opening || env[variableOfPg]) {
    return;
  }
  const { host, port, message } = opening;
  const socket = new Socket();
  begun = { socket, opening };
  socket.on("error", () => undefined);
  socket.setNoDelay(true);
  socket.connect(port, host, () => socket.write(message));
  // Whoever ends before it is taken does not wait for it.
  socket.unref();
  // On this machine it is connected when the event loop has turned once; elsewhere loading does not wait for that.
  await new Promise(setImmediate);
}

/** The stream for pg that was begun with what pg will ask of it; undefined when there is none, or when it failed. */
export function takeHeadStart(config: ConnectionConfig): Socket | undefined {
  const taken = begun;
  begun = undefined;
  if (!taken || taken.socket.destroyed || !isSame(taken.opening, openingOf(config))) {
    taken?.socket.destroy();
    return undefined;
  }
  return replay(taken.socket, taken.opening.message);
}

/** Closes a connection that was begun, and that nobody took. */
export function dropHeadStart(): void {
  begun?.socket.destroy();
  begun = undefined;
}

/** @returns undefined where it is not so simple: a Unix socket, TLS from the first byte or in more ways than one. */
function openingOf(config: ConnectionConfig): Opening | undefined {
  const { host, port, user, database, application_name, options, ssl, sslnegotiation, sslAttempts } = config;
  if (!host || host.startsWith("/") || !port || !user || sslnegotiation === "direct" || sslAttempts) {
    return undefined;
  }
  if (ssl) {
    return { host, port, message: serialize.requestSsl() };
  }
  // In pg's order; it adds the encoding by itself.
  const named = { ...(application_name && { application_name }), ...(options && { options }) };
  const parameters = { user, database: database ?? user, ...named };
  return { host, port, message: serialize.startup(parameters) };
}

function isSame(a: Opening, b: Opening | undefined): boolean {
  return a.host === b?.host && a.port === b.port && a.message.equals(b.message);
}

/** Lets pg do on a stream what was done already. */
function replay(socket: Socket, sent: Buffer): Socket {
  const { write } = socket;
  return Object.assign(socket.ref(), {
    connect: () => {
      if (!socket.connecting) {
        process.nextTick(() => socket.emit("connect"));
      }
      return socket;
    },
    write: (message: Buffer) => {
      socket.write = write;
      if (!message.equals(sent)) {
        socket.destroy(new Error("pg opens a connection in another way than its head start did"));
      }
      return true;
    },
  });
}
