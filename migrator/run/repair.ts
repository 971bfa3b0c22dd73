import type { LedgerRow } from "../ledger/ledger";
import { compare, versionedRows } from "../plan/compare";
import { shortChecksum } from "../source/checksum";
import { compareNames, type Source } from "../source/migration";
import type { LedgerChange } from "./change-ledger";

/** What `repair` would change: accept edits, forget missing migrations, clear partial ones. Pure. */
export function planRepair(source: Source, rows: readonly LedgerRow[]): LedgerChange[] {
  return compare(source, rows).flatMap(({ name, state, migration, row }): LedgerChange[] => {
    if (!row) {
      return [];
    }
    if (state === "edited" && migration) {
      const reason = `accept the edited file (${shortChecksum(row.checksum)} becomes ${shortChecksum(migration.checksum)})`;
      return [{ kind: "accept", name, checksum: migration.checksum, reason }];
    }
    if (state === "missing") {
      return [{ kind: "forget", name, checksum: row.checksum, reason: "forget it: applied, and not in this source" }];
    }
    if (state === "partial") {
      const { done, total, direction } = row.progress ?? {};
      const reason = `clear it: its ${direction} stopped after ${done}${total === undefined ? "" : ` of ${total}`}, and the next up runs it from its beginning`;
      return [{ kind: "forget", name, checksum: row.checksum, reason }];
    }
    return [];
  });
}

/** What `stamp` would change, so that the ledger says: applied up to and including a migration. Pure. */
export function planStamp(
  source: Source,
  rows: readonly LedgerRow[],
  to: string | undefined,
  purge: boolean,
): LedgerChange[] {
  const present = versionedRows(rows);
  const wanted = source.migrations.filter(({ name }) => to !== undefined && compareNames(name, to) <= 0);
  const isWanted = (name: string) => wanted.some((migration) => migration.name === name);
  const recorded = new Set(purge ? [] : present.filter((row) => !row.progress).map((row) => row.name));
  return [
    ...present
      .filter(({ name }) => purge || !isWanted(name))
      .map(({ name, checksum }): LedgerChange => ({ kind: "forget", name, checksum, reason: "forget it" })),
    ...wanted
      .filter(({ name }) => !recorded.has(name))
      .map(({ name, checksum }): LedgerChange => ({ kind: "record", name, checksum, reason: "record it as applied" })),
  ];
}
