import type { Client, QueryResult } from "pg";
import { readableValuesSql } from "../connection/value-settings";
import type { Report } from "../events/events";
import type { Actor, Ledger, Run } from "../ledger/ledger";
import type { Renewal } from "../lock/lock";
import type { Limits } from "./limits";
import type { ModuleCode } from "./module-code";
import type { PreparedStep } from "./prepare";

/** What a step runs in. */
export interface StepContext {
  readonly client: Client;
  readonly ledger: Ledger;
  /** What is asked before each step: that the session is as new, and that the lock is held. */
  readonly renewal: Renewal;
  readonly actor: Actor;
  readonly report: Report;
  /** How often a step that takes long says that it goes on. @default 10,000 */
  readonly tellEveryMs?: number;
  /** Aborted when the run is to stop: with the error to end with, or with what code did. */
  readonly signal: AbortSignal;
  readonly code: ModuleCode;
  readonly limits: Limits;
  /** Runs a body of statements so that an interrupt cancels them on the server. */
  readonly cancellable: <T>(body: () => Promise<T>) => Promise<T>;
}

/** Where a step stands while it runs; what an error message and the log of runs tell. */
export interface Position {
  /** Statements finished, or rows of batches. */
  done: number;
  /** Where the current statement begins in its section, when that is known. */
  offset?: number;
  /** Oids of the indexes that were invalid before the step began; known only where it has no transaction. */
  invalidBefore?: readonly number[];
  /** Names of the indexes that it left invalid when it failed. */
  leftInvalid?: readonly string[];
  /** Whether what failed last was a statement outside a transaction: nothing was rolled back then. */
  isAlone?: boolean;
  /** When the step began, in milliseconds of the process. */
  readonly startedAt: number;
}

/** Time since a step began, in milliseconds. */
export function elapsedMs({ startedAt }: Position): number {
  return Math.round(performance.now() - startedAt);
}

/** Sets the limits of a step, for its transaction or for the session, and for code that it can read every value. */
export function limitStatements(
  { kind, options }: PreparedStep,
  { limits: ofRun }: StepContext,
  scope: "LOCAL" | "SESSION",
): string {
  const lock = options.lockTimeoutMs ?? ofRun.lockTimeoutMs;
  const statement = options.statementTimeoutMs ?? ofRun.statementTimeoutMs;
  const limits = `SET ${scope} lock_timeout = ${lock}; SET ${scope} statement_timeout = ${statement}`;
  return kind === "function" || kind === "batches" ? `${limits}; ${readableValuesSql(scope)}` : limits;
}

/** Renews the session in a message of its own. @throws usage (exit 2) when the lock is lost. */
export async function renewSession({ client, renewal }: Pick<StepContext, "client" | "renewal">): Promise<void> {
  renewal.check(await queryAll(client, renewal.sql));
}

/** Asks several things in one message. */
export async function queryAll(client: StepContext["client"], sql: string): Promise<readonly QueryResult[]> {
  // For several statements pg gives a list of results, which its types do not say.
  return [(await client.query(sql)) as QueryResult | QueryResult[]].flat();
}

/** The statements that record a finished step in the ledger and in the log of runs. */
export function successSql({ step }: PreparedStep, { ledger, actor }: StepContext, position: Position): string {
  const { name, checksum } = step.migration;
  const isGone = step.direction === "down" || step.role === "hook";
  const outcome = step.direction === "up" ? "applied" : "reverted";
  const run = { action: actionOf({ step }), name, checksum, outcome, durationMs: elapsedMs(position) } as const;
  return `${isGone ? ledger.revertedSql(name) : ledger.appliedSql(name, checksum)}; ${ledger.runSql(run, actor)}`;
}

/** What the log of runs calls a step. */
export function actionOf({ step }: Pick<PreparedStep, "step">): Run["action"] {
  const actions = { migration: step.direction, repeatable: "repeat", hook: "hook" } as const;
  return actions[step.role];
}
