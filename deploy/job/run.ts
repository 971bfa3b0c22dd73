import { setTimeout as delay } from "node:timers/promises";
import { executionLinesQuery, since } from "../../infra/log-queries";
import { exitCodes, SchemagateError } from "../../migrator/errors";
import { readExitCode } from "../../migrator/events/read-line";
import type { Azure } from "../azure/azure";
import { type ExecutionFacts, readExecution } from "../azure/jobs";
import { readLogLines } from "../azure/read-logs";
import type { JobResult, NextStep, Tell } from "../events";
import type { Target } from "../target";
import { type StartOptions, startJob } from "./start";

export interface JobOptions extends StartOptions {
  readonly target: Target;
  /** Resource id of the workspace with its lines. */
  readonly workspaceId: string;
  /** How long to follow it. */
  readonly timeoutMs: number;
  /** How long to wait for the last lines: they arrive minutes after they were printed. */
  readonly logWaitMs: number;
  /** Whether its lines are what it was started for. Otherwise nobody waits for them once it has succeeded. */
  readonly linesMatter: boolean;
  readonly tell: Tell;
}

/** Statuses that an execution does not leave any more. */
const endedStatuses: ReadonlySet<string> = new Set(["Succeeded", "Failed", "Stopped"]);

/** Looks at an execution that may not find it yet. */
const newLooks = 12;

/** How often the workspace is asked at most; it answers 200 times in 30 seconds and charges for none. */
const logPollMs = 10_000;

/**
 * Starts a job, follows it to its end and prints its lines.
 *
 * @returns its result; the exit code is the migrator's own where its last line tells it.
 * @throws SchemagateError exit 7 or 12 when Azure does not let it start.
 */
export async function runJob(azure: Azure, options: JobOptions): Promise<JobResult> {
  const start = performance.now();
  const execution = await startJob(azure, options);
  const { job, tell } = options;
  tell({ event: "job-started", job, execution, arguments: options.arguments });
  const log = new JobLog(azure, options, execution);
  const { status } = await follow(azure, options, execution, log);
  const isOver = endedStatuses.has(status);
  if (isOver && (options.linesMatter || status !== "Succeeded")) await log.readToTheEnd();
  const exitCode = exitCodeOf(status, isOver, log.exitCode);
  return {
    event: "job",
    job,
    execution,
    status,
    durationMs: Math.round(performance.now() - start),
    exitCode,
    why: exitCode === exitCodes.ok ? undefined : whyOf(status, isOver, log.exitCode),
    query: exitCode === exitCodes.ok ? undefined : since(log.query, "1d"),
    next: exitCode === exitCodes.ok ? [] : nextSteps(options, execution, isOver),
  };
}

async function follow(azure: Azure, options: JobOptions, execution: string, log: JobLog): Promise<ExecutionFacts> {
  const end = performance.now() + options.timeoutMs;
  let told: string | undefined;
  let looks = 0;
  for (;;) {
    const facts = await readExecution(azure, options, execution).catch(unlessNew(looks));
    looks += 1;
    if (facts !== undefined && facts.status !== told) {
      told = facts.status;
      options.tell({ event: "job-status", status: facts.status });
    }
    if (facts !== undefined && (endedStatuses.has(facts.status) || performance.now() >= end)) return facts;
    await log.readSometimes();
    await delay(options.pollMs, undefined, { signal: azure.signal });
  }
}

/** Of an execution that has just begun, Azure may say for a while that there is no such thing. */
function unlessNew(looks: number) {
  return (thrown: unknown): undefined => {
    if (looks < newLooks && thrown instanceof SchemagateError && thrown.code === "azure-not-found") return undefined;
    throw thrown;
  };
}

/** The lines of one execution, each told once. */
class JobLog {
  readonly query: string;
  /** What the migrator's last line says it ended with; undefined until it was seen. */
  exitCode: number | undefined;
  /** How often each line was told, by its time and text: a late one may come in before others. */
  private readonly told = new Map<string, number>();
  private toldCount = 0;
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly azure: Azure,
    private readonly options: JobOptions,
    execution: string,
  ) {
    const { target, job } = options;
    this.query = executionLinesQuery({ destination: target.logDestination, job, execution });
  }

  /** Reads new lines, if the last time is long enough ago. */
  async readSometimes(): Promise<void> {
    if (performance.now() - this.readAt >= Math.min(logPollMs, this.options.pollMs * 4)) await this.read();
  }

  /** Reads until a while passes without a new line, or the wait is over. */
  async readToTheEnd(): Promise<void> {
    const end = performance.now() + this.options.logWaitMs;
    for (;;) {
      const before = this.toldCount;
      await this.read();
      const left = end - performance.now();
      if (left <= 0 || (before > 0 && this.toldCount === before)) return;
      await delay(Math.min(logPollMs, this.options.pollMs * 4, left), undefined, { signal: this.azure.signal });
    }
  }

  private tell(line: string): void {
    this.toldCount += 1;
    this.options.tell({ event: "job-line", line });
    this.exitCode = readExitCode(line) ?? this.exitCode;
  }

  private async read(): Promise<void> {
    this.readAt = performance.now();
    try {
      const lines = await readLogLines(this.azure, this.options.workspaceId, this.query);
      const seen = new Map<string, number>();
      for (const { time, line } of lines) {
        const key = `${time.toISOString()} ${line}`;
        const count = (seen.get(key) ?? 0) + 1;
        seen.set(key, count);
        if (count > (this.told.get(key) ?? 0)) this.tell(line);
      }
      for (const [key, count] of seen) this.told.set(key, count);
    } catch (thrown) {
      this.azure.signal.throwIfAborted();
      this.options.tell({ event: "warning", message: `its lines cannot be read: ${(thrown as Error).message}` });
    }
  }
}

function exitCodeOf(status: string, isOver: boolean, own: number | undefined): number {
  if (status === "Succeeded") return exitCodes.ok;
  if (!isOver) return exitCodes.timedOut;
  return own ?? exitCodes.jobFailed;
}

function whyOf(status: string, isOver: boolean, own: number | undefined): string {
  if (!isOver) return `it is still ${status} and goes on by itself`;
  if (status === "Stopped") return "somebody stopped it, or it ran longer than it may";
  return own === undefined ? "it failed, and no line of it tells why" : `the migrator ended with ${own}`;
}

function nextSteps({ job, resourceGroup, target }: JobOptions, execution: string, isOver: boolean): NextStep[] {
  const at = `--name ${job} --resource-group ${resourceGroup} --job-execution-name ${execution}`;
  const show = { command: `az containerapp job execution show ${at}`, about: "how Azure sees it" };
  if (!isOver) {
    return [
      show,
      {
        command: `az containerapp job stop ${at}`,
        about:
          "end it; the migration under way is rolled back, or, without a transaction, goes on there with the next run",
      },
    ];
  }
  return [
    show,
    {
      command: `npm run job -- ${target.environment} doctor`,
      about: "what may be wrong with connection, role and server",
    },
  ];
}
