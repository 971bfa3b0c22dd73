import type { ChildProcess } from "node:child_process";
import { constants } from "node:os";

/** How a process ended, and what it printed. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  /** Both streams, as they came. */
  readonly output: string;
}

/** Follows a child to its end: what it prints is printed and kept. It outlives our own Ctrl-C, and ends by itself. */
export function follow(child: ChildProcess, print: (text: string) => void): Promise<Ended> {
  let stdout = "";
  let output = "";
  const take = (text: string) => {
    output += text;
    print(text);
  };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    take(text);
  });
  child.stderr?.setEncoding("utf8").on("data", take);
  // Ctrl-C reaches the whole process group: stay until Terraform has stopped, or a state lock is left behind.
  const interrupt = () => {};
  const terminate = () => child.kill("SIGTERM");
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", terminate);
  return new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve({ exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), stdout, output });
    });
  }).finally(() => {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", terminate);
  });
}
