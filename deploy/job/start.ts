import { setTimeout as delay } from "node:timers/promises";
import { exitCodes, SchemagateError } from "../../migrator/errors";
import type { Azure } from "../azure/azure";
import { describeFailure } from "../azure/errors";
import {
  argumentsOf,
  describeJob,
  type ExecutionFacts,
  type JobAddress,
  listExecutions,
  readTemplate,
  requestExecution,
  withArguments,
} from "../azure/jobs";

/** How often an execution is looked for that nobody named: with the usual pause for a minute, and lists are seconds behind. */
const searchLooks = 12;

export interface StartOptions extends JobAddress {
  /** Arguments of the migrator; none for the job's own. */
  readonly arguments: readonly string[];
  /** Pause between two looks. */
  readonly pollMs: number;
}

/**
 * Starts a job exactly once, with other arguments and everything else as its template has it. What nobody knows of, after
 * an answer that got lost, is looked for among its executions.
 *
 * @returns name of the execution.
 * @throws SchemagateError exit 7 when it is not known whether it began; it is never started a second time.
 */
export async function startJob(azure: Azure, options: StartOptions): Promise<string> {
  const template = await readTemplate(azure, options);
  const isOwn = options.arguments.length === 0;
  const overriding = isOwn ? undefined : withArguments(template, options.arguments, options);
  const before = await listBefore(azure, options);
  const expected = isOwn ? argumentsOf(template) : options.arguments;
  try {
    const started = await requestExecution(azure, options, overriding);
    return started ?? (await find(azure, options, before, expected));
  } catch (thrown) {
    if (!isCoded(thrown, "azure-unclear")) throw thrown;
    return await find(azure, options, before, expected, thrown);
  }
}

/**
 * What was there before. The list may be one look behind, so there are two.
 *
 * @returns undefined where this identity may not list it, which is no reason to start nothing.
 */
async function listBefore(azure: Azure, address: JobAddress): Promise<readonly ExecutionFacts[] | undefined> {
  try {
    await listExecutions(azure, address);
    return await listExecutions(azure, address);
  } catch (thrown) {
    if (isCoded(thrown, "azure-denied") || isCoded(thrown, "azure-not-found")) return undefined;
    throw thrown;
  }
}

/** Looks for the execution that began, until two looks see the same: another one may still be on its way into the list. */
async function find(
  azure: Azure,
  options: StartOptions,
  before: readonly ExecutionFacts[] | undefined,
  expected: readonly string[] | undefined,
  unclear?: SchemagateError,
): Promise<string> {
  if (before === undefined) throw unclearStart(options, [], unclear);
  azure.report(
    `${unclear?.message ?? `Azure names no execution of ${describeJob(options)}`}; looking for one that began`,
  );
  let last: readonly string[] = [];
  for (let look = 1; look <= searchLooks; look++) {
    const began = beganSince(before, await listNow(azure, options, unclear), expected);
    if (began.length > 0 && began.join() === last.join()) break;
    last = began;
    if (azure.isOver) break;
    await delay(options.pollMs, undefined, { signal: azure.signal });
  }
  const [execution, ...others] = last;
  if (execution === undefined || others.length > 0) throw unclearStart(options, last, unclear);
  return execution;
}

async function listNow(
  azure: Azure,
  options: StartOptions,
  unclear: SchemagateError | undefined,
): Promise<readonly ExecutionFacts[]> {
  try {
    return await listExecutions(azure, options);
  } catch (thrown) {
    azure.signal.throwIfAborted();
    throw unclearStart(options, [], unclear ?? thrown);
  }
}

/** Names of executions that were not there before and may have these arguments. */
export function beganSince(
  before: readonly ExecutionFacts[],
  now: readonly ExecutionFacts[],
  expected: readonly string[] | undefined,
): readonly string[] {
  const known = new Set(before.map(({ name }) => name));
  const newest = Math.max(...before.map(({ startedAt }) => startedAt?.getTime() ?? Number.NEGATIVE_INFINITY));
  const canBe = (execution: ExecutionFacts) =>
    !known.has(execution.name) &&
    !((execution.startedAt?.getTime() ?? Number.POSITIVE_INFINITY) < newest) &&
    (expected === undefined || isSame(execution.arguments ?? expected, expected));
  return now
    .filter(canBe)
    .map(({ name }) => name)
    .sort();
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((argument, place) => argument === b[place]);
}

function unclearStart(options: StartOptions, began: readonly string[], cause: unknown): SchemagateError {
  const { job, resourceGroup } = options;
  const because =
    cause === undefined ? "" : `: ${describeFailure(cause instanceof Error ? (cause.cause ?? cause) : cause)}`;
  const found =
    began.length === 0
      ? "No execution is known that may be this one"
      : `${began.join(", ")} began at the same time, and nothing tells which is this one`;
  return new SchemagateError({
    code: "job-start-unclear",
    message: `Azure does not say whether it started ${describeJob(options)}${because}. ${found}; it was not started again`,
    hint:
      `See what runs with 'az containerapp job execution list --name ${job} --resource-group ${resourceGroup} --output table' ` +
      "before you start it again: what it does would be done twice.",
    exitCode: exitCodes.connection,
    cause,
  });
}

function isCoded(thrown: unknown, code: string): thrown is SchemagateError {
  return thrown instanceof SchemagateError && thrown.code === code;
}
