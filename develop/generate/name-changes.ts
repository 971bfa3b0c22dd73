import type { Client } from "pg";
import { quoteIdentifier } from "../../migrator/connection/quote";

/** An object whose name says nothing about what it does. */
export interface Named {
  readonly kind: "constraint" | "index" | "sequence";
  /** What it belongs to, quoted. */
  readonly table: string;
  readonly schema: string;
  readonly name: string;
  /** What it is, without its name. */
  readonly definition: string;
}

const constraints = `SELECT 'constraint' AS kind, format('%I.%I', n.nspname, c.relname) AS table, n.nspname AS schema, o.conname AS name,
  pg_get_constraintdef(o.oid) || CASE WHEN o.convalidated THEN '' ELSE ' not valid' END AS definition
FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE (o.conislocal OR o.contype IN ('p', 'u', 'x')) AND o.contype <> 't' AND NOT (o.contype = 'f' AND o.conparentid <> 0)`;

const indexes = `SELECT 'index' AS kind, format('%I.%I', n.nspname, t.relname) AS table, n.nspname AS schema, c.relname AS name,
  regexp_replace(pg_get_indexdef(c.oid), '^CREATE( UNIQUE)? INDEX .*? ON ', 'CREATE\\1 INDEX ON ') AS definition
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = c.oid AND o.contype IN ('p', 'u', 'x'))`;

const sequences = `SELECT 'sequence' AS kind, format('%I.%I', n.nspname, t.relname) AS table, s.nspname AS schema, c.relname AS name,
  a.attname || ' ' || d.deptype::text AS definition
FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace
JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace n ON n.oid = t.relnamespace
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid WHERE c.relkind = 'S'`;

/** Reads the constraints, indexes and owned sequences of a database. */
export async function readNamed(client: Client): Promise<Named[]> {
  const { rows } = await client.query(
    `SELECT * FROM (${constraints} UNION ALL ${indexes} UNION ALL ${sequences}) o
     WHERE "table" !~ '^(pg_|information_schema[.])' ORDER BY kind, "table", definition, name`,
  );
  return rows;
}

/**
 * Statements that only change names: of constraints, indexes and sequences that are on both sides, alike but for their
 * name. To drop and build them anew, as a diff by name would have it, costs a scan or a lock and gains nothing.
 */
export function nameChanges(from: readonly Named[], to: readonly Named[]): string[] {
  const missing = groupByDefinition(only(from, to));
  const wanted = groupByDefinition(only(to, from));
  return [...missing].flatMap(([definition, olds]) => {
    const news = wanted.get(definition) ?? [];
    return olds.slice(0, news.length).map((old, index) => renameStatement(old, news[index]?.name ?? old.name));
  });
}

function only(these: readonly Named[], those: readonly Named[]): Named[] {
  const key = ({ kind, table, name }: Named) => JSON.stringify([kind, kind === "constraint" ? table : "", name]);
  const there = new Set(those.map(key));
  return these.filter((named) => !there.has(key(named)));
}

function groupByDefinition(all: readonly Named[]): Map<string, Named[]> {
  const groups = new Map<string, Named[]>();
  for (const named of all) {
    const key = JSON.stringify([named.kind, named.table, named.schema, named.definition]);
    groups.set(key, [...(groups.get(key) ?? []), named]);
  }
  return groups;
}

function renameStatement({ kind, table, schema, name }: Named, to: string): string {
  const [old, now] = [quoteIdentifier(name), quoteIdentifier(to)];
  const qualified = `${quoteIdentifier(schema)}.${old}`;
  return kind === "constraint"
    ? `ALTER TABLE ${table} RENAME CONSTRAINT ${old} TO ${now}`
    : `ALTER ${kind.toUpperCase()} ${qualified} RENAME TO ${now}`;
}
