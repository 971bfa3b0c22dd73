import type { LedgerRow } from "../../ledger/ledger";
import { compare, compareRepeatables } from "../../plan/compare";
import { planUp } from "../../plan/plan";
import { loadSource } from "../../source/load";
import type { Standings, StatusSettings } from "./status";

/**
 * Reads the source.
 *
 * @returns what compares it with the ledger's rows.
 * @throws usage (exit 2) when it cannot be read.
 */
export async function prepareComparison(settings: StatusSettings): Promise<(rows: readonly LedgerRow[]) => Standings> {
  const source = await loadSource(settings.dir);
  return (rows) => {
    const { steps, problems, warnings } = planUp(source, rows, settings);
    const standings = [...compare(source, rows), ...compareRepeatables(source, rows)];
    const entries = standings.map(({ name, state, row }) => ({ name, state, appliedAt: row?.appliedAt }));
    return { open: steps.length === 0 && problems.length === 0, entries, problems, warnings };
  };
}
