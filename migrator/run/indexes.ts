import type { Client } from "pg";
import { quoteIdentifier } from "../connection/quote";
import type { RelationName } from "../source/online";

export interface Index {
  readonly oid: number;
  /** As it is written in this session: quoted, and with its schema where search_path does not find it. */
  readonly name: string;
}

/** An index of a table, as far as CREATE INDEX says what it will be. */
export interface TableIndex extends Index {
  /** Without schema and quotes. */
  readonly bareName: string;
  readonly isValid: boolean;
  readonly isUnique: boolean;
  readonly method: string;
  /** In order; null for an expression. */
  readonly columns: readonly (string | null)[];
  readonly hasPredicate: boolean;
}

/**
 * Whether another session works on the index: then it is not ours to judge. Who rebuilds or drops an index locks it, who
 * builds one locks its table and tells which index it is as soon as that is there, to those who may know.
 */
const isOthers = `EXISTS (
  SELECT FROM pg_locks l
   WHERE l.locktype = 'relation' AND l.granted AND l.pid <> pg_backend_pid()
     AND l.mode IN ('ShareUpdateExclusiveLock', 'AccessExclusiveLock')
     AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
     AND (l.relation = i.indexrelid OR l.relation = i.indrelid AND EXISTS (
            SELECT FROM pg_stat_progress_create_index p
             WHERE p.pid = l.pid AND coalesce(p.index_relid, 0) IN (0, i.indexrelid))))`;

/**
 * Lists the invalid indexes of the database. Without those that another session works on, and those of partitioned tables,
 * which are invalid as long as a partition lacks its own.
 */
export async function findInvalidIndexes(client: Client): Promise<Index[]> {
  const look = async (): Promise<Index[]> => {
    const { rows } = await client.query(
      `SELECT i.indexrelid AS oid, i.indexrelid::regclass::text AS name
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE NOT i.indisvalid AND c.relkind = 'i' AND NOT ${isOthers} ORDER BY 2`,
    );
    return rows;
  };
  const found = await look();
  return found.length === 0 ? found : seenTwice(found, await look());
}

/**
 * Locks are read as they are, catalogs as they were when the statement began: in between, another session may have come
 * to its end with an index. Its locks gone, a second look sees what became of it.
 */
function seenTwice<T extends Index>(before: readonly Index[], now: readonly T[]): T[] {
  return now.filter(({ oid }) => before.some((index) => index.oid === oid));
}

/** Lists the indexes of a table that no other session works on. */
export async function findIndexesOf(client: Client, table: RelationName): Promise<TableIndex[]> {
  const found = await readIndexesOf(client, table);
  return found.every(({ isValid }) => isValid) ? found : seenTwice(found, await readIndexesOf(client, table));
}

async function readIndexesOf(client: Client, table: RelationName): Promise<TableIndex[]> {
  const { rows } = await client.query(
    `SELECT i.indexrelid AS oid, i.indexrelid::regclass::text AS name, c.relname AS "bareName", i.indisvalid AS "isValid",
            i.indisunique AS "isUnique", m.amname AS method, i.indpred IS NOT NULL AS "hasPredicate",
            ARRAY(SELECT a.attname::text FROM unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (number, place)
                    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number <> 0
                   ORDER BY k.place) AS columns
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
      WHERE i.indrelid = to_regclass($1) AND NOT ${isOthers}`,
    [writeName(table)],
  );
  return rows;
}

/** A name as SQL writes it. */
export function writeName({ schema, name }: RelationName): string {
  return schema === undefined ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}
