import type { migrateUp } from "../runner";
import type { databaseOptions, OptionValues, policyOptions, runOptions, sourceOptions } from "../settings";
import { loadSource } from "../source/load";
import type { CommandContext } from "./command";
import { withDatabase } from "./database";

type Settings = OptionValues<typeof databaseOptions & typeof policyOptions & typeof runOptions & typeof sourceOptions>;

/** Runs `up` or `down` and tells how it ended. The source is read first: a bad one needs no database. */
export async function runWith(
  direction: "up" | "down",
  migrate: typeof migrateUp,
  settings: Settings,
  context: CommandContext,
): Promise<void> {
  const source = await loadSource(settings.dir);
  await withDatabase(settings, context, async ({ client, actor, cancelBackend }) => {
    const start = performance.now();
    const result = await migrate(client, source, {
      ledgerSchema: settings.ledgerSchema,
      policy: { ahead: settings.ahead, outOfOrder: settings.outOfOrder },
      lockWaitMs: settings.lockWait * 1_000,
      actor,
      report: context.output.event,
      signal: context.signal,
      cancelBackend,
    });
    context.output.event({ event: "done", direction, ...result, durationMs: Math.round(performance.now() - start) });
  });
}
