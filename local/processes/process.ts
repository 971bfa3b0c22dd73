import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

/** A container's process on this machine. */
export interface Running {
  readonly child: ChildProcess;
  /** Exit code; 128 + number for a signal, as a shell says it. */
  readonly exited: Promise<number>;
}

/** Starts a container's command, and hands over each line it prints. */
export function startProcess(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): Running {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const closed = [child.stdout, child.stderr].map((stream) => {
    const lines = createInterface({ input: stream });
    lines.on("line", onLine);
    return new Promise((resolve) => lines.on("close", resolve));
  });
  const exited = new Promise<number>((resolve) => {
    child.on("error", (error) => {
      onLine(`${program} cannot be started: ${error.message}`);
      resolve(127);
    });
    child.on("exit", async (code, signal) => {
      // What it printed last is told before how it ended; a process that it left behind may keep the streams open.
      await Promise.race([Promise.all(closed), delay(lingerMs)]);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
  return { child, exited };
}

/** How long what an ended process left behind may go on printing. */
const lingerMs = 2_000;

/** How long a process may take to end in good order; Container Apps gives 30 s by default. */
const graceMs = 10_000;

/**
 * Ends a process as a platform does: SIGTERM, and SIGKILL when it takes too long.
 *
 * @param again aborted when the user does not want to wait that long.
 * @param signal another one to begin with.
 */
export async function stopProcess(
  { child, exited }: Running,
  again: AbortSignal,
  signal: NodeJS.Signals = "SIGTERM",
): Promise<number> {
  const kill = () => void child.kill("SIGKILL");
  child.kill(again.aborted ? "SIGKILL" : signal);
  again.addEventListener("abort", kill, { once: true });
  const timer = setTimeout(kill, graceMs);
  try {
    return await exited;
  } finally {
    clearTimeout(timer);
    again.removeEventListener("abort", kill);
  }
}
