import { cancelBackend } from "../../migrator/connection/cancel";
import { replicaName } from "../../migrator/connection/config";
import { exitCodes, type Problem, refusal, SchemagateError } from "../../migrator/errors";
import type { Report } from "../../migrator/events/events";
import type { Target } from "../../migrator/plan/plan";
import { remedyFor } from "../../migrator/remedies";
import { type Migrate, migrateDown, migrateUp, type RunOptions } from "../../migrator/run/runner";
import type { Source } from "../../migrator/source/migration";
import { version } from "../../migrator/version";
import { findClusterWide, sqlTexts } from "./cluster-wide";
import type { ScratchDatabase } from "./database";
import { layGround } from "./ground";
import { guardModules } from "./guard-modules";
import { noteRoles } from "./roles";

export interface ScratchRunOptions {
  readonly ledgerSchema: string;
  /** How far to go. @default everything for `applyMigrations`, one for `revertMigrations` */
  readonly target?: Target;
  readonly signal: AbortSignal;
  /** Told what happens. @default nobody */
  readonly report?: Report;
}

/**
 * Applies pending migrations to a scratch database, as `up` does, without a word.
 *
 * @throws refused (exit 4), also for statements that would change the target's server; migration failed (exit 6),
 * connection lost (exit 7), partial (exit 8): the migrator's own errors, which say that the target was not touched.
 */
export function applyMigrations(database: ScratchDatabase, source: Source, options: ScratchRunOptions): Promise<void> {
  return run(migrateUp, database, source, options);
}

/**
 * Reverts what was applied last to a scratch database, as `down` does, without a word.
 *
 * @throws as applyMigrations.
 */
export function revertMigrations(database: ScratchDatabase, source: Source, options: ScratchRunOptions): Promise<void> {
  return run(migrateDown, database, source, options);
}

async function run(migrate: Migrate, database: ScratchDatabase, source: Source, options: ScratchRunOptions) {
  const problems = database.ownServer ? [] : await findOnce(source);
  if (problems.length > 0) {
    throw refusal(problems);
  }
  const guarded = database.ownServer ? source : guardModules(source);
  const texts = sqlTexts(source);
  await layGround(database, texts);
  await noteRoles(database, texts);
  try {
    await database.connect((client) => migrate(client, guarded, runOptions(database, options)));
  } catch (error) {
    throw options.signal.aborted ? options.signal.reason : onScratch(error);
  }
}

const found = new WeakMap<Source, Promise<Problem[]>>();

/** A set may be run hundreds of times, part by part; it is parsed once. */
function findOnce(source: Source): Promise<Problem[]> {
  const problems = found.get(source) ?? findClusterWide(sqlTexts(source));
  found.set(source, problems);
  return problems;
}

/** Nobody else is in a scratch database: what waits for a lock there waits for itself. */
const scratchLimits = { lockTimeoutMs: 5_000, statementTimeoutMs: 0, retries: 1 };

function runOptions({ config }: ScratchDatabase, { report, ...options }: ScratchRunOptions): RunOptions {
  return {
    ...options,
    // Migrations come in the order in which the caller wants them, which may be the order of a real ledger.
    policy: { ahead: "pass", outOfOrder: "allow" },
    lockWaitMs: 0,
    limits: scratchLimits,
    actor: { replica: replicaName({}), toolVersion: version },
    report: report ?? (() => undefined),
    cancelBackend: (pid) => cancelBackend(config, pid),
  };
}

/** Keeps what the migrator says, except for what it says about the database the migration ran in. */
function onScratch(error: unknown): unknown {
  if (!(error instanceof SchemagateError) || error.exitCode === exitCodes.usage) {
    return error;
  }
  const { code, message, exitCode, cause, problems, details } = error;
  const failed = exitCode === exitCodes.migrationFailed || exitCode === exitCodes.partial;
  const hint = failed ? adviceFor(error) : (error.hint ?? "");
  return new SchemagateError({
    message: failed ? `on a scratch database, ${message}` : message,
    hint: `${hint} ${untouched}`.trim(),
    ...{ code, exitCode, cause, problems, details },
  });
}

const untouched = "This happened on a scratch database: the target was not touched.";

function adviceFor({ details: { sqlState, message }, cause }: SchemagateError): string {
  if (sqlState === "42704" && /^role /.test(String(message))) {
    return "Roles belong to a server: create it on the server of the scratch databases, too.";
  }
  if (sqlState === "42710" && /^role /.test(String(message))) {
    return "Roles belong to a server, and there it was made already: make it only where it is missing.";
  }
  const { routine } = (cause ?? {}) as { routine?: string };
  return (
    remedyFor(typeof sqlState === "string" ? sqlState : undefined, routine)?.hint ?? "Mend the migration and run again."
  );
}
