import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** What came of a step. */
export interface Answer {
  /** In the words of Alembic, SQLAlchemy or the server. */
  readonly error: string | null;
  /** Python that was run. */
  readonly code: string;
}

export interface Request {
  readonly step: "up" | "down";
  /** URLs. */
  readonly base?: string;
  readonly models?: string;
  readonly work: string;
}

/** One Python process that works through requests. */
export class Alembic {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  /** @throws Error where there is no Python that has Alembic. */
  constructor() {
    this.child = spawn(findPython(), [join(__dirname, "alembic_worker.py")], { stdio: ["pipe", "pipe", "ignore"] });
    const { stdout } = this.child;
    if (!stdout) {
      throw new Error("the Python process has no output");
    }
    this.lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  /** @param timeoutMs how long an answer may take; then the process is ended. */
  async ask(request: Request, timeoutMs: number): Promise<Answer> {
    const timer = setTimeout(() => this.child.kill("SIGKILL"), timeoutMs);
    try {
      this.child.stdin?.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await this.lines.next();
      if (done) {
        throw new Error(`Alembic ended, or took longer than ${timeoutMs} ms`);
      }
      return JSON.parse(value);
    } finally {
      clearTimeout(timer);
    }
  }

  end(): void {
    this.child.stdin?.end();
  }
}

/** The one that PYTHON names, or the first that has Alembic: Debian's packages are of /usr/bin/python3. */
function findPython(): string {
  const candidates = process.env.PYTHON ? [process.env.PYTHON] : ["python3", "/usr/bin/python3"];
  const found = candidates.find((python) => spawnSync(python, ["-c", "import alembic, psycopg2"]).status === 0);
  if (!found) {
    throw new Error(
      `no Alembic (${candidates.join(", ")}): apt-get install python3-alembic python3-psycopg2, or set PYTHON`,
    );
  }
  return found;
}
