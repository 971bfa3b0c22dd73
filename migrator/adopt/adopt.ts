import type { Client } from "pg";
import { readableValuesSql } from "../connection/value-settings";
import { type Problem, refusal, usageError } from "../errors";
import { Ledger, type LedgerRow } from "../ledger/ledger";
import { withLock } from "../lock/lock";
import type { ChangeOptions } from "../run/change-ledger";
import { lockOptions } from "../run/runner";
import { hasChecksum, type Migration, type Source } from "../source/migration";
import { type Mapping, mapApplied } from "./mapping";
import { findTable } from "./table";
import type { ReadOptions, Tool } from "./tool";

export interface AdoptOptions extends Omit<ReadOptions, "told"> {
  /** Name of the other tool, for messages. */
  readonly from: string;
  readonly tool: Tool;
  /** Its table, where it is not the tool's own. */
  readonly table?: string;
  /** Name of the migration up to which everything is said to be applied. */
  readonly to?: string;
  readonly ledgerSchema: string;
}

/** What taking over would do to the ledger. */
export interface Adoption extends Mapping {
  /** The table that was read, with its schema. */
  readonly table: string;
  /** What of the other tool is left out, and why. */
  readonly notes: readonly string[];
  /** What is to be recorded, in order; empty when the ledger holds all of it. */
  readonly toRecord: readonly { readonly migration: Migration; readonly appliedAt?: Date }[];
}

type Querier = Pick<Client, "query">;

/**
 * Reads the other tool's table and our ledger and says what taking over would do, without a lock and without writing.
 *
 * @throws usage (exit 2) when that table is not there, not readable or not that tool's.
 */
export async function planAdoption(client: Querier, source: Source, options: AdoptOptions): Promise<Adoption> {
  const { from, tool, to, ledgerSchema } = options;
  const table = await findTable(client, from, tool, options.table);
  await client.query(readableValuesSql("SESSION"));
  const foreign = await tool
    .read(client, table, { ...options, told: to !== undefined })
    .catch((error) => failUnreadable(error, table.label));
  const mapping = mapApplied(foreign, source.migrations, table.label, to);
  const rows = await new Ledger(client, ledgerSchema).read();
  const recorded = mapping.pairs.flatMap(({ theirs, ours }) =>
    ours ? [{ migration: ours, appliedAt: theirs?.appliedAt }] : [],
  );
  const differences =
    rows.length === 0
      ? []
      : compareLedger(
          recorded.map(({ migration }) => migration),
          rows,
        );
  const filled = mapping.problems.length === 0 && differences.length > 0;
  return {
    ...mapping,
    pending: mapping.pending.filter(({ name }) => !rows.some((row) => row.name === name)),
    table: table.label,
    notes: foreign.notes ?? [],
    problems: [
      ...source.problems,
      ...mapping.problems,
      ...(filled ? [filledProblem(ledgerSchema, rows, differences)] : []),
    ],
    toRecord: rows.length === 0 ? recorded : [],
  };
}

function failUnreadable(error: unknown, table: string): never {
  if ((error as { code?: string }).code !== "42501") {
    throw error;
  }
  throw usageError({
    code: "table-unreadable",
    message: `table ${table} cannot be read: ${(error as Error).message}`,
    hint: "Grant this role SELECT on it (and USAGE on its schema), or connect as the role that ran the other tool.",
  });
}

/** How a ledger that holds something differs from what would be recorded; nothing when it holds all of it. */
function compareLedger(migrations: readonly Migration[], ledger: readonly LedgerRow[]): string[] {
  const rows = new Map(ledger.map((row) => [row.name, row]));
  return migrations.flatMap((migration) => {
    const { name } = migration;
    const row = rows.get(name);
    if (!row) {
      return [`${name} is not in it`];
    }
    return row.progress || !hasChecksum(migration, row.checksum)
      ? [`${name} is in it ${row.progress ? "half applied" : "with another checksum"}`]
      : [];
  });
}

function filledProblem(schema: string, rows: readonly LedgerRow[], differences: readonly string[]): Problem {
  return {
    code: "ledger-filled",
    message: `the ledger in schema ${schema} holds ${rows.length} already and differs: ${differences.join("; ")}`,
    hint: "What it says may be truer than the other tool's table. See `status`; correct single ones with `stamp` or `repair`.",
  };
}

/**
 * Writes the ledger in one transaction under the lock. Both tables are read again there.
 *
 * @param planned what was shown.
 * @returns what was recorded: nothing where another replica has just recorded the same.
 * @throws refused (exit 4) when they say something else now.
 */
export async function writeAdoption(
  client: Client,
  source: Source,
  options: AdoptOptions,
  planned: Adoption,
  run: ChangeOptions,
): Promise<Adoption> {
  return withLock(client, lockOptions(run), async ({ assertHeld }) => {
    const ledger = new Ledger(client, options.ledgerSchema);
    await client.query("BEGIN");
    try {
      // First: inside a transaction, reading a ledger that is absent would break it.
      await ledger.ensure();
      const now = await planAdoption(client, source, options);
      assertSame(planned, now);
      await record(now, ledger, run);
      await assertHeld();
      await client.query("COMMIT");
      return now;
    } catch (error) {
      await client.query("ROLLBACK").catch(() => undefined);
      throw error;
    }
  });
}

async function record({ toRecord }: Adoption, ledger: Ledger, { actor, signal }: ChangeOptions): Promise<void> {
  for (const { migration, appliedAt } of toRecord) {
    signal.throwIfAborted();
    const { name, checksum } = migration;
    await ledger.recordAdopted(name, checksum, appliedAt);
    await ledger.appendRun({ action: "adopt", name, checksum, outcome: "recorded", durationMs: 0 }, actor);
  }
}

/** Only what was shown and agreed to is recorded. */
function assertSame(planned: Adoption, now: Adoption): void {
  if (summarize(planned) !== summarize(now)) {
    throw refusal({
      code: "changed-meanwhile",
      message: `${planned.table} or the ledger changed since the mapping was shown: the other tool, or another run, is at work`,
      hint: "Stop the other tool, then run this again.",
    });
  }
}

function summarize({ pairs, problems }: Adoption): string {
  return JSON.stringify([pairs.map(({ theirs, ours }) => [theirs, ours?.name]), problems]);
}
