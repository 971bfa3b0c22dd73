import type { Client } from "pg";

/**
 * What holds data, by the numbers that PostgreSQL keeps as long as the data does: a table that was dropped and made anew
 * has its name, but not its number.
 */
export interface Physical {
  readonly tables: ReadonlyMap<number, string>;
  /** By `<table's number>.<column's number>`. */
  readonly columns: ReadonlyMap<string, PhysicalColumn>;
  readonly sequences: ReadonlyMap<number, PhysicalSequence>;
  /** What rows may contradict. */
  readonly conditions: readonly Condition[];
  /** Types inside of values: of attributes of composite types, and of domains, by name. A value is written anew with its type. */
  readonly parts: ReadonlyMap<string, { readonly object: string; readonly type: string }>;
  /** Labels by type, and in it by number: a renamed label keeps it. */
  readonly enums: ReadonlyMap<string, ReadonlyMap<number, string>>;
}

/** A key, check, foreign key or exclusion, or a unique index. */
export interface Condition {
  /** Kind and name: `constraint public.orders.total_is_positive`. */
  readonly object: string;
  /** Its table, by number. */
  readonly table: number;
  readonly definition: string;
  /** Its columns, as keys of `columns`; those of expressions are not among them. */
  readonly columns: readonly string[];
}

export interface PhysicalSequence {
  readonly name: string;
  /** The column that owns it, as a key of `columns`. */
  readonly owner?: string;
}

export interface PhysicalColumn {
  /** Name of the column, with its table's and schema's. */
  readonly name: string;
  readonly type: string;
  /** The type by number, which a new name leaves as it is. */
  readonly typeNumber: string;
  readonly notNull: boolean;
  /** Computed from other columns: losing it loses nothing. */
  readonly computed: boolean;
  readonly hasDefault: boolean;
}

const relations = `SELECT c.oid::int8 AS oid, c.relkind, format('%I.%I', n.nspname, c.relname) AS name,
  (SELECT d.refobjid::int8 || '.' || d.refobjsubid FROM pg_depend d WHERE c.relkind = 'S' AND d.classid = 'pg_class'::regclass
    AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')) AS owner
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'S') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

const columns = `SELECT a.attrelid::int8 || '.' || a.attnum AS key, format('%I.%I.%I', n.nspname, c.relname, a.attname) AS name,
  format_type(a.atttypid, a.atttypmod) AS type, a.atttypid::int8 || ' ' || a.atttypmod AS type_number, a.attnotnull AS not_null, a.attgenerated <> '' AS computed,
  a.atthasdef OR a.attidentity <> '' AS has_default
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND a.attnum > 0 AND NOT a.attisdropped
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

const enums = `SELECT format('%I.%I', n.nspname, t.typname) AS name, json_agg(json_build_array(e.oid::int8, e.enumlabel) ORDER BY e.enumsortorder) AS labels
FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid JOIN pg_namespace n ON n.oid = t.typnamespace GROUP BY 1`;

const conditions = `SELECT format('constraint %I.%I.%I', n.nspname, c.relname, o.conname) AS object, o.conrelid::int8 AS table,
  pg_get_constraintdef(o.oid) AS definition, ARRAY(SELECT o.conrelid::int8 || '.' || k FROM unnest(o.conkey) k) AS columns
FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE o.contype IN ('c', 'f', 'p', 'u', 'x') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
UNION ALL
SELECT format('index %I.%I', n.nspname, c.relname), i.indrelid::int8,
  regexp_replace(pg_get_indexdef(c.oid), '^CREATE UNIQUE INDEX .*? ON ', 'CREATE UNIQUE INDEX ON '),
  ARRAY(SELECT i.indrelid::int8 || '.' || k FROM unnest(i.indkey::int[]) k WHERE k > 0)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE i.indisunique AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = c.oid AND o.contype IN ('p', 'u', 'x'))`;

const parts = `SELECT format('attribute %I.%I.%I', n.nspname, c.relname, a.attname) AS object, format_type(a.atttypid, a.atttypmod) AS type
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'c' AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
UNION ALL
SELECT format('domain %I.%I', n.nspname, t.typname), format_type(t.typbasetype, t.typtypmod)
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'd' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

/** Reads what holds data in a database. */
export async function readPhysical(client: Client): Promise<Physical> {
  const inTables = await client.query(relations);
  const inColumns = await client.query(columns);
  const inConditions = await client.query(conditions);
  const inParts = await client.query(parts);
  const inEnums = await client.query(enums);
  const isSequence = ({ relkind }: { relkind: string }) => relkind === "S";
  return {
    tables: new Map(inTables.rows.filter((row) => !isSequence(row)).map(({ oid, name }) => [Number(oid), name])),
    sequences: new Map(
      inTables.rows
        .filter(isSequence)
        .map(({ oid, name, owner }) => [Number(oid), { name, owner: owner ?? undefined }]),
    ),
    columns: new Map(
      inColumns.rows.map(({ key, name, type, type_number, not_null, computed, has_default }) => [
        key,
        { name, type, typeNumber: type_number, notNull: not_null, computed, hasDefault: has_default },
      ]),
    ),
    conditions: inConditions.rows.map((row) => ({ ...row, table: Number(row.table) })),
    parts: new Map(inParts.rows.map((part) => [part.object, part])),
    enums: new Map(inEnums.rows.map(({ name, labels }) => [name, new Map<number, string>(labels)])),
  };
}
