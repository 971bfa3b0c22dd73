import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Writable } from "node:stream";
import type { ConnectionSettings } from "../../migrator/connection/config";
import type { Environment } from "../../migrator/settings";

/** Drops scratch databases when this process cannot any more. */
export interface Reaper {
  /** Tells it of a database that is about to be made. */
  readonly add: (name: string) => Promise<void>;
  /** Tells it that a database is dropped. */
  readonly remove: (name: string) => Promise<void>;
  /** Ends it; it drops what was added and not removed. */
  readonly close: () => void;
}

/** What the reaper is told: one JSON value per line, the server first. */
export type ReaperMessage =
  | { readonly server: ConnectionSettings; readonly database: string }
  | { readonly add: string }
  | { readonly remove: string };

/**
 * Starts the reaper: a process of its own, out of reach of the terminal's signals, that reads from a pipe. The kernel
 * closes the pipe however this process ends, and what is in it by then is still read. Passwords go through the pipe, too:
 * a command line is for everyone on the machine to see.
 *
 * Where it cannot do its work, because an embedded server was stopped meanwhile or the machine went down, the next run
 * sweeps.
 */
export function startReaper(server: ConnectionSettings, database: string, env: Environment): Reaper {
  const child = spawn(process.execPath, reaperArguments(), {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    // As given to this process: the Azure CLI needs its PATH and its home.
    env: { ...env },
    windowsHide: true,
  });
  // Without a reaper the next run sweeps.
  child.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  child.unref();
  const tell = (message: ReaperMessage) => writeLine(child.stdin, message);
  void tell({ server, database });
  return {
    add: (name) => tell({ add: name }),
    remove: (name) => tell({ remove: name }),
    close: () => child.stdin.end(),
  };
}

/** Resolves when the line is in the pipe: from then on it outlives this process. */
function writeLine(stream: Writable, message: ReaperMessage): Promise<void> {
  return new Promise((resolve) => {
    stream.write(`${JSON.stringify(message)}\n`, () => resolve());
  });
}

/**
 * Bundled, it is a file beside this one's chunk; in a working copy's tests it is TypeScript, which jiti reads. This
 * process's id is for those who look at a list of processes.
 */
function reaperArguments(): string[] {
  const pid = String(process.pid);
  if (!__filename.endsWith(".ts")) {
    return [join(__dirname, "reaper.js"), pid];
  }
  const load = "require(process.argv[1]).createJiti(process.argv[2]).import(process.argv[2])";
  return ["-e", load, require.resolve("jiti"), join(__dirname, "reaper-process.ts"), pid];
}
