import type { Problem } from "../../errors";
import type { LedgerRow } from "../../ledger/ledger";
import { compare, compareRepeatables, type MigrationState } from "../../plan/compare";
import { isHook, type Place, partialProblems, placeOf } from "../../plan/partial";
import { planUp } from "../../plan/plan";
import type { OptionValues, policyOptions, sourceOptions } from "../../settings";
import { loadSource } from "../../source/load";
import type { Source } from "../../source/migration";

export type ComparisonSettings = OptionValues<typeof sourceOptions & typeof policyOptions>;

/** How one migration stands. */
export interface StatusEntry {
  readonly name: string;
  readonly state: MigrationState;
  readonly appliedAt?: Date;
  /** How far it came, where it is begun and not finished. */
  readonly partial?: Place;
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
    const entries = standings.map(({ name, state, row }) => ({
      ...{ name, state, appliedAt: row?.appliedAt },
      partial: placeOf(row),
    }));
    return {
      open: steps.length === 0 && problems.length === 0,
      entries,
      problems,
      warnings: [...warnings, ...unfinished(source, rows)],
    };
  };
}

/** What an earlier run began and left: a start with nothing else to do has that to do. */
function unfinished(source: Source, rows: readonly LedgerRow[]): Problem[] {
  const known = new Set([...source.migrations, ...source.repeatables].map(({ name }) => name));
  const owed = rows.filter(({ name }) => isHook(name));
  return [
    ...partialProblems(rows, (name) => known.has(name)),
    ...owed.map(({ name }) => ({
      code: "hook-owed",
      message: `${name} is owed: an earlier run did not come to it`,
      hint: "Unless a run is at it now, `up` runs it.",
    })),
  ];
}
