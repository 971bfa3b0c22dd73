import type { Client } from "pg";
import { toLock } from "./locks";
import type { SeenLock, SeenRewrite } from "./planned";

type Querier = Pick<Client, "query">;

/** A relation as it was before a migration. */
interface Relation {
  readonly schema: string;
  readonly table: string;
  /** Both, for people: `public.orders`. */
  readonly name: string;
  readonly kind: string;
  /** Its file; 0 where it has none. */
  readonly file: string;
}

/** Relations by oid. */
export type Relations = ReadonlyMap<string, Relation>;

/** Kinds that people read and write; a lock of an index goes with one of its table. */
const tableKinds = ["r", "p", "m", "v", "f"];
const indexKinds = ["i"];

/**
 * Reads what is there: only what was there before a migration can have users.
 *
 * @param ledgerSchema left out.
 */
export async function readRelations(client: Querier, ledgerSchema: string): Promise<Relations> {
  const { rows } = await client.query(
    `SELECT c.oid::pg_catalog.text AS oid, n.nspname AS schema, c.relname AS table, c.relkind::pg_catalog.text AS kind,
            c.relfilenode::pg_catalog.text AS file
       FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', $1)`,
    [ledgerSchema],
  );
  return new Map(
    rows.map(({ oid, schema, table, kind, file }) => [oid, { schema, table, name: `${schema}.${table}`, kind, file }]),
  );
}

/** The locks that a backend holds or waits for, on tables that were there before. @param pid @default the client's own */
export async function readLocks(client: Querier, before: Relations, pid?: number): Promise<SeenLock[]> {
  const { rows } = await client.query(
    `SELECT l.relation::pg_catalog.text AS oid, l.mode FROM pg_catalog.pg_locks l
      WHERE l.locktype = 'relation' AND l.pid = coalesce($1, pg_catalog.pg_backend_pid())
        AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())`,
    [pid ?? null],
  );
  return rows.flatMap(({ oid, mode }) => {
    const relation = before.get(oid);
    return relation && tableKinds.includes(relation.kind) ? [toLock(relation.name, mode)] : [];
  });
}

/** Tables and indexes whose file is another one now. A table that was written anew has its indexes built anew, too. */
export function findRewrites(before: Relations, now: Relations): SeenRewrite[] {
  const changed = (kinds: readonly string[]) =>
    [...before]
      .filter(([oid, { kind, file }]) => {
        const after = now.get(oid);
        return kinds.includes(kind) && after !== undefined && after.file !== file;
      })
      .map(([, { name }]) => name)
      .sort();
  const tables = changed(["r", "m"]);
  const what = tables.length > 0 ? "table" : "index";
  return (tables.length > 0 ? tables : changed(indexKinds)).map((table) => ({ table, what }));
}
