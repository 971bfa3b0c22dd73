import { sleep } from "../sleep";
import type { BatchKey } from "../source/migration";
import { elapsedMs, type Position, type StepContext, successSql } from "./context";
import type { BatchesStep } from "./prepare";
import { withRetries } from "./retry";
import { inOneTransaction } from "./transaction";

/**
 * Runs a data migration batch by batch. Each batch commits together with the key it came to, so a killed run goes on
 * behind it and no row is changed twice.
 */
export async function runBatches(prepared: BatchesStep, context: StepContext, position: Position): Promise<void> {
  const { batches, step } = prepared;
  const { code, report, signal } = context;
  const { total: count } = batches;
  const total = step.resume?.total ?? (count && (await code.run(step.migration.name, count)));
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

function runBatch(
  prepared: BatchesStep,
  context: StepContext,
  position: Position,
  last: BatchKey | undefined,
  total: number | undefined,
): Promise<readonly BatchKey[]> {
  const { code, ledger } = context;
  const { batches, step } = prepared;
  const { migration } = step;
  const run = () =>
    code.run(migration.name, async (client) => {
      const keys = checkKeys(await batches.next(client, last), last);
      if (keys.length > 0) {
        await batches.apply(client, keys);
      }
      return keys;
    });
  return inOneTransaction(prepared, context, undefined, run, (keys) => {
    if (keys.length === 0) {
      return successSql(prepared, context, position);
    }
    const done = position.done + keys.length;
    const progress = { direction: "up", done, total, last: keys.at(-1) } as const;
    return ledger.progressSql(migration.name, migration.checksum, progress);
  });
}

/** What a migration in code returns may be anything; one that does not go on would go on for ever. */
function checkKeys(keys: unknown, last: BatchKey | undefined): readonly BatchKey[] {
  if (!Array.isArray(keys)) {
    throw new Error("`next` returned no list of keys");
  }
  if (keys.includes(undefined)) {
    throw new Error("`next` returned an undefined key: is the column's name right?");
  }
  if (last !== undefined && JSON.stringify(keys.at(-1)) === JSON.stringify(last)) {
    throw new Error(
      `\`next\` returned ${JSON.stringify(last)} as its last key again: it must go on behind the last one`,
    );
  }
  return keys;
}
