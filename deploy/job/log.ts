import { setTimeout as delay } from "node:timers/promises";
import { executionLinesQuery } from "../../infra/log-queries";
import type { Azure } from "../azure/azure";
import { finalFailure } from "../azure/last-failure";
import { readLogLines } from "../azure/read-logs";
import type { Tell } from "../events";
import type { Target } from "../target";

export interface LogOptions {
  readonly target: Target;
  readonly job: string;
  /** Resource id of the workspace with its lines. */
  readonly workspaceId: string;
  readonly pollMs: number;
  /** How long to wait for the last lines: they arrive minutes after they were printed. */
  readonly logWaitMs: number;
  readonly tell: Tell;
}

/** How often the workspace is asked at most; it answers 200 times in 30 seconds and charges for none. */
const logPollMs = 10_000;

/** The lines of one execution, each told once. */
export class JobLog {
  readonly query: string;
  /** What the migrator's last line says it ended with; undefined until it was seen. */
  exitCode: number | undefined;
  /** How often each line was told, by its time and text: a late one may come in before others. */
  private readonly told = new Map<string, number>();
  private toldCount = 0;
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly azure: Azure,
    private readonly options: LogOptions,
    execution: string,
  ) {
    const { target, job } = options;
    this.query = executionLinesQuery({ destination: target.logDestination, job, execution });
  }

  /** Reads new lines, if the last time is long enough ago. */
  async readSometimes(): Promise<void> {
    if (performance.now() - this.readAt >= this.pauseMs) await this.read(this.azure.within(this.pauseMs));
  }

  /** Reads until a while passes without a new line, or the wait is over. */
  async readToTheEnd(): Promise<void> {
    const azure = this.azure.within(this.options.logWaitMs);
    const end = performance.now() + this.options.logWaitMs;
    for (;;) {
      const before = this.toldCount;
      await this.read(azure);
      const left = end - performance.now();
      if (left <= 0 || (before > 0 && this.toldCount === before)) return;
      await delay(Math.min(this.pauseMs, left), undefined, { signal: azure.signal });
    }
  }

  private get pauseMs(): number {
    return Math.min(logPollMs, this.options.pollMs * 4);
  }

  private tell(line: string): void {
    this.toldCount += 1;
    this.options.tell({ event: "job-line", line });
  }

  private async read(azure: Azure): Promise<void> {
    this.readAt = performance.now();
    try {
      const lines = await readLogLines(azure, this.options.workspaceId, this.query);
      const seen = new Map<string, number>();
      for (const { time, line } of lines) {
        const key = `${time.toISOString()} ${line}`;
        const count = (seen.get(key) ?? 0) + 1;
        seen.set(key, count);
        if (count > (this.told.get(key) ?? 0)) this.tell(line);
      }
      for (const [key, count] of seen) this.told.set(key, count);
      this.exitCode = finalFailure(lines)?.exitCode;
    } catch (thrown) {
      this.azure.signal.throwIfAborted();
      this.options.tell({ event: "warning", message: `its lines cannot be read: ${(thrown as Error).message}` });
    }
  }
}
