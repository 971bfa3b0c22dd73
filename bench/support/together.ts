import { spawn } from "node:child_process";
import type { Contestant } from "./interleave";
import { throwIfInterrupted } from "./interruption";

/** How processes ended that were started at once. */
export interface Together {
  /** From the first one's start to the last one's end. */
  readonly ms: number;
  /** Exit codes, in the order of the contestants; null after a signal. */
  readonly codes: readonly (number | null)[];
}

/** Who has not ended by then waits for something that does not come, and is killed. */
const longestMs = 120_000;

/** Starts all of them at once and waits until the last one is out. This process is free meanwhile. */
export async function runTogether(contestants: readonly Contestant[]): Promise<Together> {
  await throwIfInterrupted();
  const start = performance.now();
  const codes = await Promise.all(contestants.map(runBeside));
  return { ms: performance.now() - start, codes };
}

function runBeside({ command, env, cwd }: Contestant): Promise<number | null> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    ...{ cwd, env: { PATH: process.env.PATH, ...env }, stdio: "ignore" },
    ...{ timeout: longestMs, killSignal: "SIGKILL" },
  });
  return new Promise((resolve, reject) => child.once("error", reject).once("exit", resolve));
}
