import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../../support/migrator";

interface LogLine {
  readonly level: number;
  readonly pid: number;
  readonly msg: string;
  readonly [key: string]: unknown;
}

export interface AppExit {
  readonly code: number | null;
  readonly stderr: string;
}

/** The built app, run as the image runs it. */
export class AppProcess {
  /** Everything the app printed to stdout, raw. */
  stdout = "";
  readonly exited: Promise<AppExit>;
  private readonly lines: LogLine[] = [];
  private readonly child: ChildProcess;
  private stderr = "";

  /** @param env the whole environment but PATH; a free port unless PORT is there. */
  constructor(env: Record<string, string>) {
    const child = spawn(process.execPath, [join(root, "dist/app.js")], {
      cwd: root,
      env: { PATH: process.env.PATH, PORT: "0", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stderr.on("data", (chunk) => {
      this.stderr += chunk;
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      this.stdout += `${line}\n`;
      this.lines.push(JSON.parse(line));
      child.emit("logged");
    });
    this.child = child;
    this.exited = once(child, "close").then(([code]) => ({ code, stderr: this.stderr }));
  }

  /** Waits until so many lines with this message were logged. */
  async logged(msg: string, count = 1): Promise<LogLine[]> {
    for (;;) {
      const found = this.lines.filter((line) => line.msg === msg);
      if (found.length >= count) {
        return found;
      }
      const ended = await Promise.race([once(this.child, "logged"), this.exited]);
      if ("code" in ended) {
        throw new Error(`the app ended (${ended.code}) before "${msg}": ${this.stdout}${ended.stderr}`);
      }
    }
  }

  /** The URL, once it listens. */
  async url(): Promise<string> {
    const [line] = await this.logged("listening");
    return String(line?.address);
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}
