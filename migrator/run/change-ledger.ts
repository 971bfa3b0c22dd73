import type { Client } from "pg";
import { refusal } from "../errors";
import { type Actor, Ledger, type LedgerRow, type Run } from "../ledger/ledger";
import { withLock } from "../lock/lock";
import { lockOptions, type RunOptions } from "./runner";

/** One row of the ledger that is told something although nothing runs. */
export interface LedgerChange {
  /** `record`: as applied; `accept`: with this checksum; `forget`: not at all. */
  readonly kind: "record" | "accept" | "forget";
  readonly name: string;
  readonly checksum: string;
  /** Why, for the one who is asked. */
  readonly reason: string;
}

export type ChangeOptions = Pick<RunOptions, "ledgerSchema" | "lockWaitMs" | "signal" | "actor" | "report">;

/**
 * Changes the ledger under the lock, in one transaction, and logs each change.
 *
 * @param agreed what the user agreed to.
 * @param makeChanges what the ledger asks for now.
 * @throws refused (exit 4) when another run changed the ledger since the user agreed.
 */
export async function changeLedger(
  client: Client,
  options: ChangeOptions,
  action: Run["action"],
  agreed: readonly LedgerChange[],
  makeChanges: (rows: readonly LedgerRow[]) => readonly LedgerChange[],
): Promise<void> {
  const ledger = new Ledger(client, options.ledgerSchema);
  await withLock(client, lockOptions(options), async () => {
    await ledger.ensure();
    if (JSON.stringify(makeChanges(await ledger.read())) !== JSON.stringify(agreed)) {
      throw refusal({
        code: "ledger-changed",
        message: "another run changed the ledger meanwhile",
        hint: "Look at `status`, then decide again.",
      });
    }
    await client.query("BEGIN");
    try {
      for (const change of agreed) {
        await applyChange(ledger, change, action, options.actor);
      }
      await client.query("COMMIT");
    } catch (error) {
      await client.query("ROLLBACK").catch(() => undefined);
      throw error;
    }
  });
}

async function applyChange(ledger: Ledger, change: LedgerChange, action: Run["action"], actor: Actor): Promise<void> {
  const { kind, name, checksum } = change;
  if (kind === "record") {
    await ledger.recordApplied(name, checksum);
  } else if (kind === "accept") {
    await ledger.acceptChecksum(name, checksum);
  } else {
    await ledger.recordReverted(name);
  }
  const outcome = kind === "forget" ? "forgotten" : "recorded";
  await ledger.appendRun({ action, name, checksum, outcome, durationMs: 0 }, actor);
}
