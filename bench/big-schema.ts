/** Sizes that `generate` is measured with. */
export const tableCount = 500;

/** Columns that are neither key nor reference: ten in all. */
const columns = [
  "name text NOT NULL",
  "code varchar(20)",
  "amount numeric(12, 2) NOT NULL DEFAULT 0",
  "quantity integer NOT NULL DEFAULT 1",
  "active boolean NOT NULL DEFAULT true",
  "facts jsonb",
  "created_at timestamptz NOT NULL DEFAULT now()",
  "updated_at timestamptz",
];

/** Changes of one table each: what a pull request has, at least one of each kind in twenty. */
const changes: readonly ((table: Table) => Table)[] = [
  (table) => ({ ...table, columns: [...table.columns, "note text"] }),
  (table) => ({ ...table, columns: [...table.columns, "rank integer NOT NULL DEFAULT 0"] }),
  (table) => ({ ...table, columns: table.columns.map((column) => column.replace("varchar(20)", "text")) }),
  (table) => ({ ...table, indexes: [...table.indexes, "quantity, active"] }),
  (table) => ({ ...table, columns: table.columns.filter((column) => !column.startsWith("facts")) }),
];

interface Table {
  readonly columns: readonly string[];
  readonly indexes: readonly string[];
}

/**
 * DDL of 500 tables with 10 columns, 3 indexes and a foreign key each.
 *
 * @param changed how many tables, evenly spread, differ from the plain schema by one change each.
 */
export function bigSchema(changed: number): string {
  const every = changed > 0 ? Math.floor(tableCount / changed) : Number.POSITIVE_INFINITY;
  return Array.from({ length: tableCount }, (_, index) => {
    const plain: Table = { columns, indexes: ["name", "created_at DESC", "lower(code), amount"] };
    const isChanged = index % every === 0 && index / every < changed;
    const change = changes[Math.floor(index / every) % changes.length];
    return ddl(index, isChanged && change ? change(plain) : plain);
  }).join("\n");
}

function ddl(index: number, table: Table): string {
  const name = `t${String(index).padStart(3, "0")}`;
  const parent = `t${String(Math.max(0, index - 1)).padStart(3, "0")}`;
  return [
    `CREATE TABLE ${name} (`,
    `  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,`,
    `  parent_id bigint REFERENCES ${parent},`,
    `${table.columns.map((column) => `  ${column}`).join(",\n")}`,
    ");",
    ...table.indexes.map((on, position) => `CREATE INDEX ${name}_${position} ON ${name} (${on});`),
  ].join("\n");
}
