import type { Report, RunEvent } from "../events";
import { resolveName } from "../names";
import type { Target } from "../plan";
import type { Migrate } from "../runner";
import type {
  databaseOptions,
  limitOptions,
  OptionValues,
  policyOptions,
  runOptions,
  sourceOptions,
} from "../settings";
import { loadSource } from "../source/load";
import type { Source } from "../source/migration";
import type { CommandContext } from "./command";
import { type Session, withDatabase } from "./database";

type Settings = OptionValues<
  typeof databaseOptions & typeof limitOptions & typeof policyOptions & typeof runOptions & typeof sourceOptions
>;

/** Runs `up`, `down` or `redo` and tells how it ended. The source is read first: a bad one needs no database. */
export async function runWith(
  direction: "up" | "down" | "redo",
  migrate: Migrate,
  settings: Settings & Target,
  context: CommandContext,
): Promise<void> {
  const source = await loadSource(settings.dir);
  const target = resolveTarget(settings, source);
  const leftForLock = countdown(settings.lockWait);
  let begun = false;
  const report: Report = (event) => {
    begun ||= !isPreliminary(event);
    context.output.event(event);
  };
  const body = async ({ client, actor, cancelBackend }: Session) => {
    const start = performance.now();
    const result = await migrate(client, source, {
      ledgerSchema: settings.ledgerSchema,
      policy: { ahead: settings.ahead, outOfOrder: settings.outOfOrder },
      target,
      lockWaitMs: leftForLock() * 1_000,
      limits: {
        lockTimeoutMs: Math.round(settings.lockTimeout * 1_000),
        statementTimeoutMs: Math.round(settings.statementTimeout * 1_000),
        retries: settings.retries,
      },
      actor,
      report,
      signal: context.signal,
      cancelBackend,
    });
    context.output.event({ event: "done", direction, ...result, durationMs: Math.round(performance.now() - start) });
  };
  await withDatabase(settings, context, body, () => !begun);
}

/** Told before any step: nothing was changed yet, and a run may begin again. */
function isPreliminary({ event }: RunEvent): boolean {
  return event === "connect-retry" || event === "lock-waiting" || event === "warning";
}

/** Whole seconds that are left since the first call: a wait that a broken connection ended does not begin anew. */
function countdown(seconds: number): () => number {
  let start: number | undefined;
  return () => {
    start ??= performance.now();
    return Math.max(0, seconds - Math.floor((performance.now() - start) / 1_000));
  };
}

/** Completes the name in a target; a unique beginning will do. */
export function resolveTarget({ to, steps, all }: Target, source: Source): Target {
  return {
    steps,
    all,
    to:
      to &&
      resolveName(
        to,
        source.migrations.map(({ name }) => name),
      ),
  };
}
