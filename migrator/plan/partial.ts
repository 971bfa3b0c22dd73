import type { Problem } from "../errors";
import type { LedgerRow, Progress } from "../ledger/ledger";

/** How far a partial migration came, for people and machines: without keys and checksums. */
export type Place = Pick<Progress, "direction" | "done" | "total">;

/** How far a migration came that is begun and not finished. */
export function placeOf(row: LedgerRow | undefined): Place | undefined {
  const { direction, done, total } = row?.progress ?? {};
  return direction === undefined || done === undefined ? undefined : { direction, done, total };
}

/** Where it stands: `at statement 2 of 3`, `behind 400 of 1000 rows`. */
export function describePlace({ done, total, finished }: Progress): string {
  const of = total === undefined ? "" : ` of ${total}`;
  if (finished === undefined) {
    return `behind ${done}${of} rows`;
  }
  return done === total ? "behind its last statement" : `at statement ${done + 1}${of}`;
}

/** Says of each migration that is begun and not finished where it stands, and what goes on. */
export function partialProblems(rows: readonly LedgerRow[], isKnown: (name: string) => boolean): Problem[] {
  return rows.flatMap(({ name, progress }): Problem[] => {
    if (!progress || isHook(name)) {
      return [];
    }
    const { direction } = progress;
    return [
      {
        code: "partial",
        message: `${name} is partial: its ${direction} is ${describePlace(progress)}`,
        hint: isKnown(name)
          ? `Unless a run is at it now, \`${direction}\` goes on there.`
          : `Unless a run is at it now, \`${direction}\` of the image that holds it goes on there.`,
      },
    ];
  });
}

/** A hook has a row while it is owed. */
export function isHook(name: string): boolean {
  return name.startsWith("hooks/");
}
