import type { Client } from "pg";
import { quoteIdentifier } from "../../../migrator/connection/quote";

/** A value as text, as PostgreSQL prints it; of a composite type as JSON. */
export type Value = string | null;

export interface Column {
  readonly type: string;
  /** The type's own name with its schema, without modifiers. */
  readonly typeName: string;
  /** Category of the type, from pg_type: `S` for strings, `N` for numbers, `C` for composites. */
  readonly category: string;
  /** Whether PostgreSQL computes it from others. */
  readonly computed: boolean;
  /** In the order of the rows, which is none. */
  readonly values: readonly Value[];
}

/** All that a database holds besides its schema. Names are quoted where PostgreSQL would. */
export interface Data {
  /** Columns by name by table. */
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, Column>>;
  readonly sequences: ReadonlyMap<string, Sequence>;
}

export interface Sequence {
  /** How far it has come; null before its first number. */
  readonly position: string | null;
  /** Column that it belongs to: `public.orders.id`. */
  readonly owner: string | null;
}

/** Reads every row of every table, and the position of every sequence. */
export async function readData(client: Client): Promise<Data> {
  const tables = new Map<string, ReadonlyMap<string, Column>>();
  for (const [table, columns] of await readColumns(client)) {
    const list = columns.map(({ name, category }) => {
      const column = quoteIdentifier(name);
      return category === "C" ? `to_jsonb(${column})::text` : `${column}::text`;
    });
    const sql = `SELECT ${list.join(", ")} FROM ONLY ${table}`;
    const { rows } = await client.query<Value[]>({ text: sql, rowMode: "array" });
    const withValues = columns.map(({ quoted, ...column }, index): [string, Column] => [
      quoted,
      { ...column, values: rows.map((row) => row[index] ?? null) },
    ]);
    tables.set(table, new Map(withValues));
  }
  return { tables, sequences: await readSequences(client) };
}

interface ColumnRow extends Omit<Column, "values"> {
  readonly table: string;
  readonly name: string;
  readonly quoted: string;
}

async function readColumns(client: Client): Promise<Map<string, ColumnRow[]>> {
  const { rows } = await client.query<ColumnRow>(`
    SELECT format('%I.%I', n.nspname, c.relname) AS table, a.attname AS name, quote_ident(a.attname) AS quoted,
      format_type(a.atttypid, a.atttypmod) AS type, t.typcategory AS category,
      format('%I.%I', tn.nspname, t.typname) AS "typeName",
      a.attgenerated <> '' AS computed
    FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_type t ON t.oid = a.atttypid
      JOIN pg_namespace tn ON tn.oid = t.typnamespace
    WHERE c.relkind = 'r' AND n.nspname !~ '^(pg_|information_schema$)'
    ORDER BY 1, a.attnum`);
  const tables = new Map<string, ColumnRow[]>();
  for (const row of rows) {
    tables.set(row.table, [...(tables.get(row.table) ?? []), row]);
  }
  return tables;
}

async function readSequences(client: Client): Promise<Map<string, Sequence>> {
  const { rows } = await client.query<{ name: string } & Sequence>(`
    SELECT format('%I.%I', n.nspname, c.relname) AS name, pg_sequence_last_value(c.oid)::text AS position,
      (SELECT format('%I.%I.%I', tn.nspname, t.relname, a.attname)
        FROM pg_depend d
          JOIN pg_class t ON t.oid = d.refobjid
          JOIN pg_namespace tn ON tn.oid = t.relnamespace
          JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
          AND d.deptype IN ('a', 'i')) AS owner
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'S'`);
  return new Map(rows.map(({ name, position, owner }) => [name, { position, owner }]));
}
