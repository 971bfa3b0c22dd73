import type { Client } from "pg";
import { withCancellation } from "../connection/cancel";
import { exitCodes, refusal, SchemagateError } from "../errors";
import { type Report, warningEvent } from "../events/events";
import { type Actor, Ledger, type LedgerRow } from "../ledger/ledger";
import { type Lock, type LockOptions, type Substitute, withLock } from "../lock/lock";
import { newestApplied } from "../plan/compare";
import { afterAllName, type Plan, type Policy, planDown, planRedo, planUp, type Step, type Target } from "../plan/plan";
import type { Source } from "../source/migration";
import { renewSession, type StepContext } from "./context";
import type { Limits } from "./limits";
import { ModuleCode } from "./module-code";
import { type PreparedStep, prepareSteps } from "./prepare";
import { runStep } from "./run-step";
import { warnOfPooler } from "./warn-of-pooler";

export interface RunOptions {
  /** Schema of the ledger's tables. */
  readonly ledgerSchema: string;
  readonly policy: Policy;
  /** How far to go. @default everything for `up`, one for `down` and `redo` */
  readonly target?: Target;
  /** How long to wait for another run, in milliseconds. */
  readonly lockWaitMs: number;
  readonly limits: Limits;
  /** Who runs, for the log of runs. */
  readonly actor: Actor;
  readonly report: Report;
  /** How often a migration that takes long says that it goes on. @default 10,000 */
  readonly tellEveryMs?: number;
  /** Aborted with a SchemagateError when the run is to stop. */
  readonly signal: AbortSignal;
  /** Cancels the current statement of a server process, from another connection. */
  readonly cancelBackend: (pid: number) => Promise<void>;
}

export interface RunResult {
  /** Names in the order they ran. */
  readonly migrations: readonly string[];
  /** Newest applied migration afterwards. */
  readonly current?: string;
}

/** Runs what a plan made of source and ledger says. */
export type Migrate = (client: Client, source: Source, options: RunOptions) => Promise<RunResult>;

/**
 * Applies pending migrations. With nothing pending it takes one look at the ledger: no lock, no write.
 *
 * @throws refused (exit 4), lock wait over (exit 5), migration failed (exit 6), connection lost (exit 7), partial (exit 8).
 */
export const migrateUp: Migrate = (client, source, options) => {
  const makePlan: MakePlan = (rows) => planUp(source, rows, options.policy, options.target);
  const verify = (rows: readonly LedgerRow[]) => {
    const left = makePlan(rows).steps;
    // INV-3. With a number of steps there may well be more to do.
    if (left.length > 0 && options.target?.steps === undefined) {
      throw new Error(`after a run that succeeded ${left.map(nameOf).join(", ")} are still pending`);
    }
  };
  return run(client, options, makePlan, { verify, maybeDoneByOther: true });
};

/**
 * Reverts what was applied last.
 *
 * @throws as migrateUp.
 */
export const migrateDown: Migrate = (client, source, options) =>
  run(client, options, (rows) => planDown(source, rows, options.target));

/**
 * Reverts what was applied last and applies it again.
 *
 * @throws as migrateUp.
 */
export const migrateRedo: Migrate = (client, source, options) =>
  run(client, options, (rows) => planRedo(source, rows, options.target));

type MakePlan = (rows: readonly LedgerRow[]) => Plan;

interface Traits {
  /** Whether another run may do all of this one's work while it waits. @default false */
  readonly maybeDoneByOther?: boolean;
  /** Asked of the ledger afterwards. */
  readonly verify?: (rows: readonly LedgerRow[]) => void;
}

async function run(
  client: Client,
  options: RunOptions,
  makePlan: MakePlan,
  { verify, maybeDoneByOther }: Traits = {},
): Promise<RunResult> {
  const ledger = new Ledger(client, options.ledgerSchema);
  const rows = await ledger.read();
  const first = accept(makePlan(rows));
  if (first.steps.length === 0) {
    warnOfPooler(client, ledger, options.report);
    return finish(first, rows, options.report);
  }
  const look = async () => {
    const now = await ledger.read();
    const plan = accept(makePlan(now));
    return plan.steps.length === 0 ? finish(plan, now, options.report) : undefined;
  };
  const body = async (lock: Lock) => {
    // Another run may have finished while this one waited: what is to do is decided anew.
    const now = await ledger.read();
    const plan = accept(makePlan(now));
    assertSameDown(first, plan);
    if (plan.steps.length === 0) {
      return finish(plan, now, options.report);
    }
    const code = new ModuleCode(client, options.signal, options.report);
    try {
      const prepared = await prepareSteps(plan.steps, (module) => code.load(module));
      await ledger.ensure();
      await runSteps(client, ledger, lock, prepared, code, options);
      const after = await ledger.read();
      verify?.(after);
      return finish(plan, after, options.report);
    } finally {
      code.close();
    }
  };
  return withLock(
    client,
    lockOptions(options),
    body,
    maybeDoneByOther ? substitute(ledger, rows, first, look) : undefined,
  );
}

/** Looks when the ledger has come to be there, and from then on when the last step of a plan is done. */
function substitute<T>(
  ledger: Ledger,
  rows: readonly LedgerRow[],
  { steps }: Plan,
  look: () => Promise<T | undefined>,
): Substitute<T> {
  const last = steps.filter(({ role }) => role !== "hook").at(-1)?.migration;
  let exists = rows.length > 0;
  return {
    condition: () => (exists ? ledger.finishedSql(last, afterAllName) : ledger.existsSql),
    look: async () => {
      exists = true;
      return look();
    },
  };
}

function accept(plan: Plan): Plan {
  if (plan.problems.length > 0) {
    throw refusal(plan.problems);
  }
  return plan;
}

function finish(plan: Plan, rows: readonly LedgerRow[], report: Report): RunResult {
  for (const warning of plan.warnings) {
    report(warningEvent(warning));
  }
  const ran = plan.steps.filter((step) => step.role !== "hook");
  return { migrations: [...new Set(ran.map(nameOf))], current: newestApplied(rows) };
}

function nameOf({ migration }: Step): string {
  return migration.name;
}

/** What the lock needs to know of a run. */
export function lockOptions({
  ledgerSchema,
  lockWaitMs,
  signal,
  report,
}: Pick<RunOptions, "ledgerSchema" | "lockWaitMs" | "signal" | "report">): LockOptions {
  return {
    ledgerSchema,
    waitMs: lockWaitMs,
    signal,
    onWaiting: (holder, waitedMs) => report({ event: "lock-waiting", holder, waitedMs: Math.round(waitedMs) }),
  };
}

/** A `down` reverts what its user saw applied last, never what came to be last while it waited. */
function assertSameDown(first: Plan, plan: Plan): void {
  const [before, now] = [first, plan].map(({ steps }) => steps.filter((step) => step.direction === "down").map(nameOf));
  if (before?.join() !== now?.join()) {
    throw refusal({
      code: "ledger-changed",
      message: `another run changed the ledger meanwhile: ${before?.join(", ")} is no longer what was applied last`,
      hint: "Look at `status`, then decide again.",
    });
  }
}

async function runSteps(
  client: Client,
  ledger: Ledger,
  lock: Lock,
  prepared: readonly PreparedStep[],
  code: ModuleCode,
  options: RunOptions,
): Promise<void> {
  const pid = await prepareSession(client, lock);
  const context: StepContext = {
    client,
    ledger,
    renewal: lock.renewal,
    actor: options.actor,
    report: options.report,
    tellEveryMs: options.tellEveryMs,
    signal: code.signal,
    code,
    limits: options.limits,
    cancellable: (body) => withCancellation(client, pid, code.signal, options.cancelBackend, body),
  };
  const done: string[] = [];
  const runOne = async (step: PreparedStep) => {
    await runStep(step, context);
    done.push(nameOf(step.step));
  };
  try {
    await oweAfterAll(prepared, ledger);
    // umzug goes one way at a time; redo goes down and up again.
    for (const direction of ["down", "up"] as const) {
      await drive(
        direction,
        prepared.filter(({ step }) => step.direction === direction),
        runOne,
      );
    }
    code.signal.throwIfAborted();
    // Whoever goes on with the connection finds it as it was; a lock that is lost by now did no harm.
    await client.query(lock.renewal.sql);
  } catch (error) {
    const fault = code.faultFound;
    throw withOutcome(
      fault?.error === error && fault ? await failBehind(fault, prepared, context) : error,
      done,
      prepared,
    );
  }
}

/** Code went on behind the end of its migration, and nothing else was under way that it could make fail. */
async function failBehind(
  { error, migration }: NonNullable<ModuleCode["faultFound"]>,
  prepared: readonly PreparedStep[],
  { ledger, actor }: StepContext,
): Promise<SchemagateError> {
  const message = `migration ${migration} is applied, and ${error.message}`;
  const found = prepared.find(({ step }) => step.migration.name === migration);
  const run = { action: "up", name: migration, checksum: found?.step.migration.checksum ?? "" } as const;
  await ledger.appendRun({ ...run, outcome: "failed", durationMs: 0, error: message }, actor).catch(() => undefined);
  return new SchemagateError({
    code: "code-went-on",
    message,
    hint: "Look at what it left undone: the ledger counts it as applied. Make it await all that it does, then run again.",
    exitCode: exitCodes.migrationFailed,
    cause: error,
    details: { migration },
  });
}

/** The hook behind the last migration is owed from the first one on: a run that dies in between leaves it to the next. */
async function oweAfterAll(prepared: readonly PreparedStep[], ledger: Ledger): Promise<void> {
  const hook = prepared.find(({ step }) => step.migration.name === afterAllName)?.step.migration;
  if (hook) {
    await ledger.recordProgress(hook.name, hook.checksum, { direction: "up", done: 0 });
  }
}

/** Lets umzug drive the steps. The ledger rows are written by the steps themselves, inside their transactions. */
async function drive(
  direction: "up" | "down",
  prepared: readonly PreparedStep[],
  runOne: (step: PreparedStep) => Promise<void>,
): Promise<void> {
  if (prepared.length === 0) {
    return;
  }
  // Loaded only when there is something to run: a start with nothing to do stays fast.
  const { Umzug } = await import("umzug");
  const names = prepared.map(({ step }) => step.migration.name);
  const umzug = new Umzug({
    migrations: prepared.map((step, index) => ({
      name: names[index] ?? "",
      up: () => runOne(step),
      down: () => runOne(step),
    })),
    storage: {
      executed: async () => (direction === "down" ? names : []),
      logMigration: async () => undefined,
      unlogMigration: async () => undefined,
    },
    logger: undefined,
  });
  try {
    await umzug[direction]({ migrations: names });
  } catch (error) {
    // umzug wraps what a step threw; the steps' own errors say more.
    throw (error as Error).cause ?? error;
  }
}

/** Adds to an error what was done before it and what was not run. */
function withOutcome(error: unknown, done: readonly string[], prepared: readonly PreparedStep[]): unknown {
  if (!(error instanceof SchemagateError)) {
    return error;
  }
  const notRun = prepared.map(({ step }) => step.migration.name).slice(done.length + 1);
  const { message, code, hint, exitCode, cause, problems } = error;
  const details = { ...error.details, done, notRun };
  return new SchemagateError({ message, code, hint, exitCode, cause, problems, details });
}

/** @returns the server process behind the connection, for cancelling. */
async function prepareSession(client: Client, { renewal }: Lock): Promise<number> {
  await renewSession({ client, renewal });
  const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
  return rows[0].pid;
}
