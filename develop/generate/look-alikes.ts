import { splitLast } from "./dotted-name";
import type { Physical } from "./physical";

/** A drop and an add that may be a rename: only its author knows. */
export interface LookAlike {
  readonly kind: "table" | "column";
  readonly from: string;
  readonly to: string;
  /** The rename that would say so. */
  readonly hint: string;
}

interface Table {
  readonly name: string;
  /** Types by column. */
  readonly columns: ReadonlyMap<string, string>;
}

/** Share of columns that two tables must have in common to look alike. */
const likeness = 0.6;

/** Finds dropped tables and columns that look like added ones. */
export function findLookAlikes(before: Physical, after: Physical): LookAlike[] {
  const [old, now] = [readTables(before), readTables(after)];
  const dropped = [...old.values()].filter(({ name }) => !now.has(name));
  const added = [...now.values()].filter(({ name }) => !old.has(name));
  const tables = dropped.flatMap((from) =>
    added.filter((to) => areAlike(from, to)).map((to) => lookAlike("table", from.name, to.name)),
  );
  const columns = [...old.values()].flatMap((table) => alikeColumns(table, now.get(table.name)));
  return [...tables, ...columns];
}

function lookAlike(kind: LookAlike["kind"], from: string, to: string): LookAlike {
  const name = splitLast(to)[1];
  return { kind, from, to, hint: `${kind}:${from}=${kind === "table" ? to : name}` };
}

function readTables({ tables, columns }: Physical): Map<string, Table> {
  const byTable = new Map<number, Map<string, string>>([...tables.keys()].map((oid) => [oid, new Map()]));
  for (const [key, { name, type }] of columns) {
    byTable.get(Number(key.split(".")[0]))?.set(splitLast(name)[1], type);
  }
  return new Map([...tables].map(([oid, name]) => [name, { name, columns: byTable.get(oid) ?? new Map() }]));
}

function areAlike(from: Table, to: Table): boolean {
  const common = [...from.columns].filter(([name, type]) => to.columns.get(name) === type).length;
  return common > 0 && common >= likeness * Math.max(from.columns.size, to.columns.size);
}

function alikeColumns(from: Table, to: Table | undefined): LookAlike[] {
  if (!to) {
    return [];
  }
  const added = [...to.columns].filter(([name]) => !from.columns.has(name));
  return [...from.columns]
    .filter(([name]) => !to.columns.has(name))
    .flatMap(([name, type]) =>
      added
        .filter(([, addedType]) => addedType === type)
        .map(([newName]) => lookAlike("column", `${from.name}.${name}`, `${from.name}.${newName}`)),
    );
}
