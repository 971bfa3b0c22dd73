import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { throwIfInterrupted } from "./interruption";
import { type Summary, summarize } from "./statistics";

/** A process to measure, from its start to its end. */
export interface Contestant {
  readonly label: string;
  readonly command: readonly string[];
  /** All of its environment, but PATH. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Run before each measurement, unmeasured. */
  readonly before?: () => Promise<unknown>;
}

/** Where one of them comes to an end within this time, something is wrong. */
const longestMs = 600_000;

/** No round begins later than this. */
const latestRoundMs = 900_000;

/**
 * Runs all of them by turns, so that what else the machine does hits all alike. Ends early, with at least one round, when
 * the rounds take too long.
 */
export async function interleave(
  contestants: readonly Contestant[],
  { rounds, warmUp = 2 }: { readonly rounds: number; readonly warmUp?: number },
): Promise<readonly Summary[]> {
  const times: number[][] = contestants.map(() => []);
  const start = performance.now();
  for (let round = -warmUp; round < rounds; round += 1) {
    if (round > 0 && performance.now() - start > latestRoundMs) {
      break;
    }
    for (const [index, contestant] of contestants.entries()) {
      await throwIfInterrupted();
      await contestant.before?.();
      const ms = run(contestant);
      if (round >= 0) {
        times[index]?.push(ms);
      }
    }
  }
  return times.map(summarize);
}

/** @returns milliseconds from start to end. @throws Error with what it printed when it fails. */
export function run({ label, command, env = {}, cwd }: Contestant): number {
  const [program = "", ...args] = command;
  const options = { env: { PATH: process.env.PATH, ...env }, cwd, encoding: "utf8", timeout: longestMs } as const;
  const start = performance.now();
  const { status, stdout, stderr, error } = spawnSync(program, args, { ...options, maxBuffer: 2 ** 28 });
  const ms = performance.now() - start;
  if (status !== 0) {
    throw new Error(`${label} ended with ${status ?? error}: ${(stderr || stdout || "").slice(-2_000)}`);
  }
  return ms;
}

const time = "/usr/bin/time";

/** Peak of resident memory in MB, by GNU time; undefined where that is not installed. */
export function peakMemory(contestant: Contestant): number | undefined {
  if (!existsSync(time)) {
    return undefined;
  }
  const dir = mkdtempSync(join(tmpdir(), "bench-time-"));
  const file = join(dir, "kb");
  try {
    run({ ...contestant, command: [time, "-f", "%M", "-o", file, ...contestant.command] });
    return Number(readFileSync(file, "utf8").trim()) / 1_024;
  } finally {
    rmSync(dir, { recursive: true });
  }
}
