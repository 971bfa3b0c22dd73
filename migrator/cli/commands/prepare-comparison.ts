import type { Problem } from "../../errors";
import type { LedgerRow } from "../../ledger/ledger";
import { compare, compareRepeatables, type MigrationState } from "../../plan/compare";
import { planUp } from "../../plan/plan";
import type { OptionValues, policyOptions, sourceOptions } from "../../settings";
import { loadSource } from "../../source/load";

export type ComparisonSettings = OptionValues<typeof sourceOptions & typeof policyOptions>;

/** How one migration stands. */
export interface StatusEntry {
  readonly name: string;
  readonly state: MigrationState;
  readonly appliedAt?: Date;
}

/** How all of them stand, in order of version, the repeatable objects behind. */
export interface Standings {
  /** Whether the app may start. */
  readonly open: boolean;
  readonly entries: readonly StatusEntry[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/**
 * Reads the source.
 *
 * @returns what compares it with the ledger's rows.
 * @throws usage (exit 2) when it cannot be read.
 */
export async function prepareComparison(
  settings: ComparisonSettings,
): Promise<(rows: readonly LedgerRow[]) => Standings> {
  const source = await loadSource(settings.dir);
  return (rows) => {
    const { steps, problems, warnings } = planUp(source, rows, settings);
    const standings = [...compare(source, rows), ...compareRepeatables(source, rows)];
    const entries = standings.map(({ name, state, row }) => ({ name, state, appliedAt: row?.appliedAt }));
    return { open: steps.length === 0 && problems.length === 0, entries, problems, warnings };
  };
}
