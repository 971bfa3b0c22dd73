import type { Report } from "../../events/events";
import type { Target } from "../../plan/plan";
import { type Migrate, migrateDown, migrateRedo, migrateUp, type RunResult } from "../../run/runner";
import type { Session } from "../../run/session";
import type {
  databaseOptions,
  limitOptions,
  OptionValues,
  policyOptions,
  runOptions,
  sourceOptions,
} from "../../settings";
import { loadSource } from "../../source/load";
import type { Source } from "../../source/migration";
import { resolveName } from "../../source/names";

export type Direction = "up" | "down" | "redo";

export type RunSettings = OptionValues<
  typeof databaseOptions & typeof limitOptions & typeof policyOptions & typeof runOptions & typeof sourceOptions
> &
  Target;

const migrates: Readonly<Record<Direction, Migrate>> = { up: migrateUp, down: migrateDown, redo: migrateRedo };

/** Runs in a session what was prepared. */
export type PreparedRun = (session: Session, report: Report, lockWaitMs: number) => Promise<RunResult>;

/**
 * Reads the source and the target in it.
 *
 * @throws usage (exit 2) when either cannot be read.
 */
export async function prepareRun(
  direction: Direction,
  settings: RunSettings,
  signal: AbortSignal,
): Promise<PreparedRun> {
  const source = await loadSource(settings.dir);
  const target = resolveTarget(settings, source);
  return ({ client, actor, cancelBackend }, report, lockWaitMs) =>
    migrates[direction](client, source, {
      ledgerSchema: settings.ledgerSchema,
      policy: { ahead: settings.ahead, outOfOrder: settings.outOfOrder },
      target,
      lockWaitMs,
      limits: {
        lockTimeoutMs: Math.round(settings.lockTimeout * 1_000),
        statementTimeoutMs: Math.round(settings.statementTimeout * 1_000),
        retries: settings.retries,
      },
      actor,
      report,
      signal,
      cancelBackend,
    });
}

/** Completes the name in a target; a unique beginning will do. */
export function resolveTarget({ to, steps, all }: Target, source: Source): Target {
  const names = () => source.migrations.map(({ name }) => name);
  return { steps, all, to: to && resolveName(to, names()) };
}
