import { setTimeout as delay } from "node:timers/promises";
import { since } from "../../infra/log-queries";
import { exitCodes, SchemagateError } from "../../migrator/errors";
import type { Azure } from "../azure/azure";
import { type ExecutionFacts, readExecution } from "../azure/jobs";
import type { JobResult, NextStep } from "../events";
import { JobLog, type LogOptions } from "./log";
import { type StartOptions, startJob } from "./start";

export interface JobOptions extends StartOptions, LogOptions {
  /** How long to follow it. */
  readonly timeoutMs: number;
  /** Whether its lines are what it was started for. Otherwise nobody waits for them once it has succeeded. */
  readonly linesMatter: boolean;
}

/** Statuses that an execution does not leave any more. */
const endedStatuses: ReadonlySet<string> = new Set(["Succeeded", "Failed", "Stopped"]);

/** Looks at an execution that may not find it yet. */
const newLooks = 12;

/**
 * Starts a job, follows it to its end and prints its lines.
 *
 * @returns its result; the exit code is the migrator's own where its last line tells it.
 * @throws SchemagateError exit 7, 11 or 12 when Azure does not let it start.
 */
export async function runJob(azure: Azure, options: JobOptions): Promise<JobResult> {
  const start = performance.now();
  const bounded = azure.within(options.timeoutMs);
  const execution = await startJob(bounded, options);
  const { job, tell } = options;
  tell({ event: "job-started", job, execution, arguments: options.arguments });
  const log = new JobLog(azure, options, execution);
  const { status, unanswered } = await follow(bounded, options, execution, log);
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
    why: exitCode === exitCodes.ok ? undefined : whyOf(status, isOver, log.exitCode, unanswered),
    query: exitCode === exitCodes.ok ? undefined : since(log.query, "1d"),
    next: exitCode === exitCodes.ok ? [] : nextSteps(options, execution, isOver),
  };
}

/** How an execution stands, and what Azure said in place of an answer that time ran out over. */
interface Followed {
  readonly status: string;
  readonly unanswered?: string;
}

async function follow(azure: Azure, options: JobOptions, execution: string, log: JobLog): Promise<Followed> {
  let told: string | undefined;
  for (let looks = 1; ; looks++) {
    const facts = await lookAt(azure, options, execution, looks);
    if (facts instanceof SchemagateError) return { status: told ?? "Unknown", unanswered: facts.message };
    if (facts !== undefined && facts.status !== told) {
      told = facts.status;
      options.tell({ event: "job-status", status: facts.status });
    }
    if (azure.isOver || endedStatuses.has(told ?? "")) return { status: told ?? "Unknown" };
    await log.readSometimes();
    await delay(options.pollMs, undefined, { signal: azure.signal });
  }
}

/** @returns the error where time ran out over it; undefined where Azure does not know a new execution yet */
async function lookAt(
  azure: Azure,
  options: JobOptions,
  execution: string,
  looks: number,
): Promise<ExecutionFacts | SchemagateError | undefined> {
  try {
    return await readExecution(azure, options, execution);
  } catch (thrown) {
    if (!(thrown instanceof SchemagateError)) throw thrown;
    if (thrown.code === "azure-timed-out") return thrown;
    if (thrown.code === "azure-not-found" && looks <= newLooks) return undefined;
    throw thrown;
  }
}

function exitCodeOf(status: string, isOver: boolean, own: number | undefined): number {
  if (status === "Succeeded") return exitCodes.ok;
  if (!isOver) return exitCodes.timedOut;
  return own ?? exitCodes.jobFailed;
}

function whyOf(status: string, isOver: boolean, own: number | undefined, unanswered: string | undefined): string {
  if (!isOver && unanswered !== undefined) {
    return `it is still ${status}, as far as is known, and goes on by itself; since then ${unanswered}`;
  }
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
