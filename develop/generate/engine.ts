import { createHash } from "node:crypto";
import { extract } from "@supabase/pg-delta/extract";
import { type Action, plan } from "@supabase/pg-delta/plan";
import type { Client, Pool } from "pg";

/**
 * The diff engine behind the smallest interface that serves: @supabase/pg-delta, an alpha whose every answer is tried and
 * proven on scratch databases. Nothing else in the project imports it.
 */

/** A database's schema as the engine sees it. */
export interface SchemaState {
  readonly facts: Awaited<ReturnType<typeof extract>>["factBase"];
  /** The role that owns what it creates. */
  readonly role: string;
  /** Columns that are computed when read (PostgreSQL 18), which the engine takes for stored: `["public","t","c"]`. */
  readonly virtual: ReadonlySet<string>;
}

const virtualColumns = `SELECT current_user AS role, ARRAY(
  SELECT json_build_array(n.nspname, c.relname, a.attname)::text FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.attgenerated = 'v') AS virtual`;

/** Reads the schema of a database. */
export async function readState(client: Client): Promise<SchemaState> {
  const { factBase } = await extract(asPool(client), { redactSecrets: false });
  const { rows } = await client.query(virtualColumns);
  return { facts: factBase, role: rows[0].role, virtual: new Set(rows[0].virtual) };
}

/**
 * Statements that turn one schema into the other, in the engine's order.
 *
 * @throws Error in the engine's words where it knows no way.
 */
export function propose(from: SchemaState, to: SchemaState): string[] {
  const { actions } = plan(from.facts, to.facts, {
    // What the running role owns needs no word; and it may do what made the schemas.
    capability: { role: to.role, isSuperuser: true, memberOf: [] },
  });
  return actions.filter((action) => !isOfServer(action)).map((action) => mend(action, to));
}

/** Roles belong to the server, which other programs change meanwhile. */
function isOfServer({ produces, destroys, consumes }: Action): boolean {
  const [id] = [...produces, ...destroys, ...consumes];
  return id?.kind === "role" || id?.kind === "membership";
}

/** Where the engine is wrong, and known to be. */
function mend({ sql, produces }: Action, { virtual }: SchemaState): string {
  let mended = sql
    // ONLY leaves an index of a partitioned table invalid, and the engine does not attach the partitions' own.
    .replace(/^(CREATE (?:UNIQUE )?INDEX \S+ ON) ONLY /, "$1 ")
    // PostgreSQL 18 names a domain's NOT NULL, which the engine then says twice.
    .replace(/^(CREATE DOMAIN .*) NOT NULL( .*CONSTRAINT \S+ NOT NULL)/s, "$1$2");
  for (const id of produces) {
    const column = id.kind === "column" ? id : undefined;
    if (column && virtual.has(JSON.stringify([column.schema, column.table, column.name]).replaceAll(",", ", "))) {
      mended = asVirtual(mended, column.name);
    }
  }
  return mended;
}

/** The engine prints every computed column as stored. */
function asVirtual(sql: string, column: string): string {
  const start = sql.indexOf(`"${column.replaceAll('"', '""')}" `);
  const stored = start === -1 ? -1 : sql.indexOf(") STORED", start);
  return stored === -1 ? sql : `${sql.slice(0, stored)}) VIRTUAL${sql.slice(stored + ") STORED".length)}`;
}

/** Clauses of the engine's query of dependencies, and what numbers they choose among. */
const dependencyClauses: Readonly<Record<string, string>> = {
  "WHERE d.deptype IN ('n', 'a')": "d.objid",
  "WHERE pp.prokind IN ('f','p','a','w')": "pp.oid",
};

/**
 * The engine asks for dependencies of whatever there is and leaves out later what PostgreSQL itself has, thousands of
 * functions and views: most of what reading a schema takes. OIDs from 16384 on are of what was made in a database. As
 * bigint, or the planner would expect no rows of an expression that it has statistics for, and loop over thousands.
 */
function withoutOwn(sql: string): string {
  return Object.entries(dependencyClauses).reduce(
    (text, [clause, oid]) => text.replace(clause, `${clause} AND ${oid}::bigint >= 16384`),
    sql,
  );
}

function nameOf(sql: string): string {
  return createHash("sha256").update(sql).digest("hex").slice(0, 32);
}

/**
 * The engine takes a connection from a pool and gives it back; one connection does. Its queries get names, by which the
 * server keeps their plans: planning them takes longer than running them, and a scratch database is read several times.
 */
export function asPool(client: Client): Pool {
  const query = (sql: string, values?: unknown[]) => {
    const text = withoutOwn(sql);
    return client.query({ name: /^\s*(SELECT|WITH)\b/i.test(text) ? nameOf(text) : undefined, text, values });
  };
  return { connect: async () => ({ query, release: () => undefined }) } as unknown as Pool;
}
