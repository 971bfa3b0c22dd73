import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** What a run cost. */
export interface Cost {
  readonly ms: number;
  /** Peak of resident memory, where the operating system tells it (Linux). */
  readonly peakMb?: number;
}

/** How often the peak is read; it only grows, so the last reading is the peak up to this long before the end. */
const pollMs = 20;

/**
 * Runs a program to its end.
 *
 * @param exitCodes that are expected.
 * @throws Error with what it printed, for any other.
 */
export function measure(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly exitCodes?: readonly number[] } = {},
): Promise<Cost> {
  const { exitCodes = [0], ...rest } = options;
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(program, args, { ...rest, stdio: ["ignore", "pipe", "pipe"] });
    let peakMb: number | undefined;
    let printed = "";
    const timer = setInterval(() => {
      peakMb = readPeakMb(child.pid) ?? peakMb;
    }, pollMs);
    for (const stream of [child.stdout, child.stderr]) {
      // The end of it is enough for a message.
      stream.on("data", (chunk: Buffer) => {
        printed = (printed + chunk.toString()).slice(-2_000);
      });
    }
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(timer);
      if (exitCodes.includes(code ?? -1)) {
        resolve({ ms: performance.now() - start, peakMb });
      } else {
        reject(new Error(`${program} ${args.join(" ")} ended with ${code}: ${printed}`));
      }
    });
  });
}

function readPeakMb(pid: number | undefined): number | undefined {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kilobytes ? Number(kilobytes) / 1024 : undefined;
  } catch {
    return undefined;
  }
}
