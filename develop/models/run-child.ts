import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** What of an output is kept: its end says why a process failed. */
const keptOutput = 4_000;
/** Between SIGTERM, which a process may ignore, and SIGKILL. */
const killAfterMs = 2_000;
/** Output that is still under way when a process has ended; a grandchild may hold its pipe open for ever. */
const drainMs = 500;

export interface ChildRequest<Reply> {
  /** Arguments of Node.js. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Tells the message that is waited for from any others. */
  readonly isReply: (message: unknown) => message is Reply;
  /** Stops the process. */
  readonly signal: AbortSignal;
}

export interface ChildEnd<Reply> {
  /** The message it sent; undefined when it ended without. */
  readonly reply?: Reply;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly timedOut: boolean;
  /** The end of what it printed. */
  readonly output: string;
}

/**
 * Runs a Node.js process until it replies, ends, or its time is over. It is gone when this returns, whatever it
 * does.
 */
export async function runChild<Reply>(request: ChildRequest<Reply>): Promise<ChildEnd<Reply>> {
  const { args, env, timeoutMs, isReply, signal } = request;
  // Messages and not standard output: that belongs to what runs there.
  const child = spawn(process.execPath, [...args], { env, stdio: ["ignore", "pipe", "pipe", "ipc"] });
  const output = keepOutput(child);
  let reply: Reply | undefined;
  let timedOut = false;
  child.on("message", (message: unknown) => {
    if (isReply(message)) {
      reply = message;
      stop(child);
    }
  });
  const timer = setTimeout(() => {
    timedOut = true;
    stop(child);
  }, timeoutMs);
  const onAbort = () => stop(child);
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) {
    stop(child);
  }
  try {
    const closed = once(child, "close");
    const [code, endedBy] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    await withinDrain(closed);
    return { reply, code, signal: endedBy, timedOut: timedOut && reply === undefined, output: output() };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
}

function stop(child: ChildProcess): void {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  child.once("exit", () => clearTimeout(timer));
}

/** Reads all of an output, so that the process never waits, and keeps its end. */
function keepOutput(child: ChildProcess): () => string {
  let kept = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      kept = (kept + text).slice(-keptOutput);
    });
  }
  return () => kept;
}

async function withinDrain(closed: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const drained = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, drainMs);
  });
  await Promise.race([closed, drained]);
  clearTimeout(timer);
}
