import type { LedgerRow } from "../ledger/ledger";
import { compareNames, hasChecksum, type Migration, type Source } from "../source/migration";

/** How each migration of source and ledger stands; the rows of `status`. */
export type MigrationState = "applied" | "pending" | "out-of-order" | "partial" | "edited" | "missing" | "ahead";

export interface Standing {
  readonly name: string;
  readonly state: MigrationState;
  readonly migration?: Migration;
  readonly row?: LedgerRow;
}

/** The ledger's rows of versioned migrations: repeatable objects and hooks have a folder in their name. */
export function versionedRows(ledger: readonly LedgerRow[]): LedgerRow[] {
  return ledger.filter((row) => !row.name.includes("/"));
}

/** Compares the versioned migrations of source and ledger, in order of version. */
export function compare(source: Source, ledger: readonly LedgerRow[]): Standing[] {
  const versioned = versionedRows(ledger);
  const rows = new Map(versioned.map((row) => [row.name, row]));
  const newest = newestApplied(ledger);
  const newestInSource = source.migrations.at(-1)?.name;
  const known = source.migrations.map((migration): Standing => {
    const row = rows.get(migration.name);
    const late = newest !== undefined && compareNames(migration.name, newest) < 0;
    return { name: migration.name, migration, row, state: stateOf(migration, row, late) };
  });
  const names = new Set(source.migrations.map((migration) => migration.name));
  const unknown = versioned
    .filter((row) => !names.has(row.name))
    .map((row): Standing => {
      const ahead = newestInSource !== undefined && compareNames(row.name, newestInSource) > 0;
      return { name: row.name, row, state: ahead ? "ahead" : "missing" };
    });
  return [...known, ...unknown].sort((a, b) => compareNames(a.name, b.name));
}

/**
 * Compares the repeatable objects of source and ledger: pending where the text is not the one applied last, whatever
 * became of that one.
 */
export function compareRepeatables(source: Source, ledger: readonly LedgerRow[]): Standing[] {
  const rows = new Map(ledger.map((row) => [row.name, row]));
  return source.repeatables.map((migration) => {
    const row = rows.get(migration.name);
    const isLast = row !== undefined && hasChecksum(migration, row.checksum);
    return { name: migration.name, migration, row, state: isLast ? stateOf(migration, row, false) : "pending" };
  });
}

function stateOf(migration: Migration, row: LedgerRow | undefined, late: boolean): MigrationState {
  if (!row) {
    return late ? "out-of-order" : "pending";
  }
  // A partial migration may be edited behind the statements that ran; those are compared when it is prepared.
  if (row.progress) {
    return "partial";
  }
  return hasChecksum(migration, row.checksum) ? "applied" : "edited";
}

/** Name of the newest applied migration, by version. */
export function newestApplied(ledger: readonly LedgerRow[]): string | undefined {
  return versionedRows(ledger)
    .map((row) => row.name)
    .sort(compareNames)
    .at(-1);
}
