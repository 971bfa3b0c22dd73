import type { Client } from "pg";
import { quoteIdentifier } from "../connection/quote";
import { usageError } from "../errors";
import type { ForeignTable, Tool } from "./tool";

type Querier = Pick<Client, "query">;

/** `table` or `schema.table`; what holds a dot is written in double quotes, as in SQL. */
const tableName = /^(?:(?<schema>"(?:[^"]|"")+"|[^".]+)\.)?(?<name>"(?:[^"]|"")+"|[^".]+)$/;

/**
 * Finds a tool's table.
 *
 * @param from name of the tool, for messages.
 * @param given the name that --table gave, instead of the tool's own.
 * @throws usage (exit 2) when it is not there or has another shape.
 */
export async function findTable(client: Querier, from: string, tool: Tool, given?: string): Promise<ForeignTable> {
  const { schema, name } = parseTableName(given ?? tool.table);
  const table = await lookUp(client, schema, name);
  if (!table) {
    throw await missingTable(client, from, given ?? tool.table, name);
  }
  assertShape(from, tool, table);
  return table;
}

function parseTableName(text: string): { schema?: string; name: string } {
  const { schema, name } = tableName.exec(text)?.groups ?? {};
  if (name === undefined) {
    throw usageError({
      code: "bad-option",
      message: `--table (${JSON.stringify(text)}): must be a table, or schema.table`,
      hint: "Write a name that holds a dot in double quotes: --table 'audit.\"my.table\"'.",
    });
  }
  return { schema: schema && unquote(schema), name: unquote(name) };
}

/** Letters keep their case without quotes, too: "SequelizeMeta" needs no quotes inside those of the shell. */
function unquote(part: string): string {
  return part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part;
}

/** Looks a table up without touching it; without a schema, as a statement would: along the search path. */
export async function lookUp(
  client: Querier,
  schema: string | undefined,
  name: string,
): Promise<ForeignTable | undefined> {
  const { rows } = await client.query(
    `SELECT n.nspname AS schema, c.relname AS name, array_agg(a.attname::text) AS columns
       FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relname = $2
        AND CASE WHEN $1::text IS NULL THEN pg_table_is_visible(c.oid) ELSE n.nspname = $1 END
      GROUP BY 1, 2`,
    [schema ?? null, name],
  );
  const [row] = rows;
  return (
    row && {
      label: `${row.schema}.${row.name}`,
      sql: `${quoteIdentifier(row.schema)}.${quoteIdentifier(row.name)}`,
      schema: row.schema,
      name: row.name,
      columns: new Set<string>(row.columns),
    }
  );
}

async function missingTable(client: Querier, from: string, wanted: string, name: string) {
  const { rows } = await client.query(
    `SELECT current_database() AS database, array(
       SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1) AS elsewhere`,
    [name],
  );
  const { database, elsewhere } = rows[0];
  return usageError({
    code: "no-table",
    message: `there is no table ${wanted} in database "${database}": ${from} keeps there what it applied`,
    hint:
      elsewhere.length > 0
        ? `There is one in another schema: --table ${elsewhere.join(" or --table ")}.`
        : "If it has another name, say which with --table NAME or --table SCHEMA.NAME; else check the database.",
  });
}

function assertShape(from: string, tool: Tool, { label, columns }: ForeignTable): void {
  const missing = tool.columns.filter((column) => !columns.has(column));
  const [foreign] = Object.keys(tool.foreignColumns ?? {}).filter((column) => columns.has(column));
  if (missing.length === 0 && foreign === undefined) {
    return;
  }
  const why = missing.length > 0 ? `no column ${missing.join(", ")}` : `a column ${foreign}`;
  const other = foreign === undefined ? undefined : tool.foreignColumns?.[foreign];
  throw usageError({
    code: "table-shape",
    message: `table ${label} (${[...columns].join(", ")}) is not one of ${from}: it has ${why}`,
    hint: other
      ? `It looks like one of ${other}: --from ${other}.`
      : "Name the tool that made it with --from, or its own table with --table.",
  });
}
