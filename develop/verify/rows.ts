import type { Client } from "pg";
import { quoteIdentifier } from "../../migrator/connection/quote";

/** What a table holds. */
export interface TableContent {
  readonly rows: number;
  /** Fingerprint of whole rows, whatever their order. */
  readonly whole: string;
  /** Fingerprint of each column's values. */
  readonly columns: ReadonlyMap<string, string>;
}

/** By qualified name. */
export type Content = ReadonlyMap<string, TableContent>;

/** Reads what the tables hold. @param ignoreSchemas schemas to leave out */
export async function readContent(client: Pick<Client, "query">, ignoreSchemas: readonly string[]): Promise<Content> {
  const { rows } = await client.query(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relkind = 'p' AS partitioned,
        array_agg(a.attname::text ORDER BY a.attname) AS columns
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
        AND left(n.nspname, 3) <> 'pg_' AND n.nspname <> 'information_schema' AND n.nspname <> ALL ($1)
      GROUP BY 1, 2 ORDER BY 1`,
    [ignoreSchemas],
  );
  const content = new Map<string, TableContent>();
  for (const { name, partitioned, columns } of rows) {
    // A table that others inherit from holds their rows, too; they are tables of their own.
    content.set(name, await readTable(client, partitioned ? name : `ONLY ${name}`, columns.filter(Boolean)));
  }
  return content;
}

/** Sums of hashes: the order of rows is nobody's promise. */
async function readTable(client: Pick<Client, "query">, from: string, columns: string[]): Promise<TableContent> {
  const values = columns.map((column) => `t.${quoteIdentifier(column)}::text`);
  const sum = (text: string) => `coalesce(sum(hashtextextended(coalesce(${text}, 'NULL'), 0)), 0)::text`;
  const { rows } = await client.query({
    text: `SELECT count(*)::text, ${[`ROW(${values.join(", ")})::text`, ...values].map(sum).join(", ")} FROM ${from} t`,
    rowMode: "array",
  });
  const [[count, whole, ...hashes]] = rows as [string[]];
  return {
    rows: Number(count),
    whole: whole ?? "",
    columns: new Map(columns.map((column, index) => [column, hashes[index] ?? ""])),
  };
}

/**
 * Tells what a round trip did to rows, table by table.
 *
 * @param between what there was at its turning point: a table or column that was not there could not keep anything.
 *   @default everything
 */
export function compareContent(before: Content, after: Content, between?: Content): string[] {
  return [...before].flatMap(([name, table]) => {
    const kept = between?.get(name);
    if (table.rows === 0 || (between && !kept)) {
      return [];
    }
    const shared = [...table.columns.keys()].filter((column) => !kept || kept.columns.has(column));
    return compareTable(name, table, after.get(name), shared);
  });
}

function compareTable(
  name: string,
  before: TableContent,
  after: TableContent | undefined,
  shared: readonly string[],
): string[] {
  if (before.rows !== (after?.rows ?? 0)) {
    return [`table ${name}: ${before.rows} rows before, ${after ? after.rows : "none"} after`];
  }
  const changed = shared.filter((column) => after?.columns.get(column) !== before.columns.get(column));
  if (changed.length > 0) {
    return [`table ${name}: values of ${changed.map(quoteIdentifier).join(", ")} are not what they were`];
  }
  const isComparable = shared.length === before.columns.size && shared.length === after?.columns.size;
  return isComparable && before.whole !== after.whole ? [`table ${name}: values of one row are in another now`] : [];
}
