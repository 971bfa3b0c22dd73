import { type Catalog, type CatalogObject, catalogKey } from "./catalog";
import type { AnnotationRow, MemberRow, ObjectRow } from "./rows";

/** What the queries returned. */
export interface CatalogRows {
  readonly members: readonly MemberRow[];
  readonly objects: readonly ObjectRow[];
  readonly annotations: readonly AnnotationRow[];
}

/**
 * Makes a catalog of rows: leaves out what belongs to extensions and what is on that, and names annotations after what
 * they are on.
 *
 * @throws Error when two objects have one key: comparing would overlook one of them.
 */
export function assembleCatalog({ members, objects, annotations }: CatalogRows): Catalog {
  const rows = new Map(objects.map((row) => [row.address, row]));
  const excluded = new Set(members.map(({ address }) => address));
  const keyAt = (address: string): string | undefined => {
    const row = rows.get(address) ?? rows.get(wholeObject(address));
    return row && isKept(row) ? catalogKey(row) : undefined;
  };
  const isKept = (row: ObjectRow): boolean =>
    !excluded.has(row.address) && (row.of === null || keyAt(row.of) !== undefined);

  const kept: CatalogObject[] = [];
  for (const row of objects) {
    if (!row.hidden && isKept(row)) {
      const of = row.of === null ? undefined : keyAt(row.of);
      kept.push({ kind: row.kind, identity: row.identity, facts: row.facts, of });
    }
  }
  for (const row of annotations) {
    const target = targetOf(row, rows, keyAt);
    // A grant on an extension's object has no target here, nor has a comment on an index of one.
    if (target) {
      const name = row.name === null ? "" : `${joints[row.kind]}${row.name}`;
      kept.push({ kind: row.kind, identity: `${target.name}${name}`, facts: row.facts, of: target.of });
    }
  }
  return catalogOf(kept);
}

const joints: Readonly<Record<AnnotationRow["kind"], string>> = {
  comment: " ",
  "security label": " by ",
  grant: " to ",
  "extension dependency": " on ",
};

/** Address of the object that has the column at an address. */
function wholeObject(address: string): string {
  return address.replace(/[^/]*$/, "0");
}

/** What an annotation is on: columns of views are no objects of their own, and are called after the view. */
function targetOf(
  row: AnnotationRow,
  rows: ReadonlyMap<string, ObjectRow>,
  keyAt: (address: string) => string | undefined,
): { readonly name: string; readonly of: string } | undefined {
  const of = keyAt(row.address);
  if (of === undefined || row.column === null || rows.has(row.address)) {
    return of === undefined ? undefined : { name: of, of };
  }
  const relation = rows.get(wholeObject(row.address));
  return relation && { name: `column ${relation.identity}.${row.column}`, of };
}

/** In the order of the queries by kind, then by identity: rows come in whatever order they are stored. */
function catalogOf(objects: readonly CatalogObject[]): Catalog {
  const byKind = new Map<string, Map<string, CatalogObject>>();
  for (const object of objects) {
    const ofKind = byKind.get(object.kind) ?? new Map<string, CatalogObject>();
    if (ofKind.has(object.identity)) {
      throw new Error(`two objects of the database have the key ${JSON.stringify(catalogKey(object))}`);
    }
    byKind.set(object.kind, ofKind.set(object.identity, object));
  }
  const sorted = [...byKind.values()].flatMap((ofKind) =>
    [...ofKind.values()].sort((one, other) => (one.identity < other.identity ? -1 : 1)),
  );
  return new Map(sorted.map((object) => [catalogKey(object), object]));
}
