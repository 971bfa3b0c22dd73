import type { BatchesStep } from "../prepare";
import { sleep } from "../sleep";
import type { BatchKey } from "../source/migration";
import { elapsedMs, limitStatements, type Position, recordSuccess, type StepContext } from "./context";
import { withRetries } from "./retry";

/**
 * Runs a data migration batch by batch. Each batch commits together with the key it came to, so a killed run goes on
 * behind it and no row is changed twice.
 */
export async function runBatches(prepared: BatchesStep, context: StepContext, position: Position): Promise<void> {
  const { batches, step } = prepared;
  const { client, report, signal } = context;
  const total = step.resume?.total ?? (await batches.total?.(client));
  const before = position.done;
  let last = step.resume?.last;
  for (;;) {
    signal.throwIfAborted();
    const keys = await withRetries(prepared, context, () => runBatch(prepared, context, position, last, total));
    if (keys.length === 0) {
      return;
    }
    position.done += keys.length;
    last = keys.at(-1);
    const rowsPerSecond = ((position.done - before) * 1_000) / Math.max(1, elapsedMs(position));
    report({ event: "progress", migration: step.migration.name, done: position.done, total, rowsPerSecond });
    await sleep(batches.pauseMs ?? 0, signal);
  }
}

async function runBatch(
  prepared: BatchesStep,
  context: StepContext,
  position: Position,
  last: BatchKey | undefined,
  total: number | undefined,
): Promise<readonly BatchKey[]> {
  const { client, ledger, cancellable } = context;
  const { migration } = prepared.step;
  await client.query(`BEGIN; ${limitStatements(prepared, context, "LOCAL")}`);
  try {
    const keys = await cancellable(async () => {
      const found = await prepared.batches.next(client, last);
      if (found.length > 0) {
        await prepared.batches.apply(client, found);
      }
      return found;
    });
    context.signal.throwIfAborted();
    if (keys.length === 0) {
      await recordSuccess(prepared, context, position);
    } else {
      const done = position.done + keys.length;
      await ledger.recordProgress(migration.name, migration.checksum, {
        direction: "up",
        done,
        total,
        last: keys.at(-1),
      });
    }
    const { command } = await client.query("COMMIT");
    if (command !== "COMMIT") {
      throw new Error("an error inside it was caught and ignored, so PostgreSQL rolled the batch back");
    }
    return keys;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
