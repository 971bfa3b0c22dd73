import { connect, createServer, type Server } from "node:net";
import { exitCodes, SchemagateError } from "../migrator/errors";
import type { Story } from "./story";

/** What `localhost` is, in either family. */
const loopbacks = ["127.0.0.1", "::1"] as const;

/** A port that is kept for the app until it starts. */
export interface HeldPort {
  readonly port: number;
  /** Lets the app have it. */
  release(): Promise<void>;
}

/**
 * Takes the port that was asked for; else the synthesized one, or another free one when that is in use. It is held, so that
 * what answers there later is nobody else.
 *
 * @throws usage (exit 2) when the one that was asked for is in use.
 */
export async function holdPort(asked: number | undefined, target: number, story: Story): Promise<HeldPort> {
  const preferred = asked ?? target;
  try {
    return await hold(preferred);
  } catch (error) {
    if (asked !== undefined && asked !== 0) {
      throw portError(asked, error as PortProblem);
    }
    const other = await hold(0);
    story.note(`port ${preferred} ${whyNot(error as PortProblem)}, taking ${other.port}`);
    return other;
  }
}

/** Where and why a port cannot be had. */
interface PortProblem {
  readonly code?: string;
  readonly address?: string;
}

/** The port is not ours to use. */
export function portError(port: number, problem: PortProblem): SchemagateError {
  return new SchemagateError({
    code: "port-in-use",
    message: `port ${port} ${whyNot(problem)}: what answers there would not be the app`,
    hint: "Stop what listens there, or choose another port with --port NUMBER; --port 0 takes any free one.",
    exitCode: exitCodes.usage,
  });
}

function whyNot({ code = inUse, address = loopbacks[0] }: PortProblem): string {
  return code === inUse ? `is in use on ${address}` : `cannot be had on ${address} (${code})`;
}

const inUse = "EADDRINUSE";

/** Enough for a port that is free in one family and not in the other, when any will do. */
const attempts = 10;

async function hold(port: number): Promise<HeldPort> {
  for (let attempt = 1; ; attempt += 1) {
    const servers: Server[] = [];
    try {
      for (const address of loopbacks) {
        servers.push(...(await listen(portOf(servers) ?? port, address)));
      }
      const release = () => closeAll(servers);
      return { port: portOf(servers) ?? port, release };
    } catch (error) {
      await closeAll(servers);
      if (port !== 0 || attempt === attempts) {
        throw error;
      }
    }
  }
}

function portOf([server]: readonly Server[]): number | undefined {
  const address = server?.address();
  return typeof address === "object" ? address?.port : undefined;
}

/** Listens on one address; on none where the machine does not know its family. */
async function listen(port: number, address: string): Promise<Server[]> {
  // Not every system refuses a second listener beside one of all addresses.
  if (port !== 0 && (await isAnswered(port, address))) {
    throw Object.assign(new Error("answered"), { code: inUse, address });
  }
  return new Promise((resolve, reject) => {
    // Reset, so that no connection lingers on the port that the app takes.
    const server = createServer((socket) => socket.resetAndDestroy());
    server.once("error", (error: NodeJS.ErrnoException) =>
      ["EADDRNOTAVAIL", "EAFNOSUPPORT"].includes(error.code ?? "") ? resolve([]) : reject(error),
    );
    server.listen({ port, host: address, ipv6Only: true }, () => resolve([server]));
  });
}

function isAnswered(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once("connect", () => end(true)).once("error", () => end(false));
  });
}

async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
}
