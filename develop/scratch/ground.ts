import { type Client, escapeLiteral } from "pg";
import { quoteIdentifier } from "../../migrator/connection/quote";
import type { SqlText } from "./cluster-wide";
import type { Grant, Ground, ScratchDatabase } from "./database";

export const noGround: Ground = { schemas: [], grants: [], defaults: [] };

type Querier = Pick<Client, "query">;

/**
 * Reads it, inside a transaction or outside of one; nothing is changed.
 *
 * @param role the role that migrates. @default the one that is connected
 */
export async function readGround(client: Querier, role?: string): Promise<Ground> {
  const { rows: settings } = await client.query(
    `SELECT substr(item, length('search_path=') + 1) AS path, coalesce($1, current_user::text) AS role
       FROM (SELECT) AS always LEFT JOIN (
         SELECT item, s.setrole FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase, unnest(s.setconfig) AS item
          WHERE d.datname = current_database() AND starts_with(item, 'search_path=')
            AND pg_get_userbyid(s.setrole) = ANY (ARRAY[coalesce($1, current_user::text), pg_get_userbyid(0)])
       ) AS found ON true ORDER BY setrole DESC NULLS LAST LIMIT 1`,
    [role ?? null],
  );
  const [{ path, role: migrator }] = settings;
  const schemas = path === null ? [] : await schemasOn(client, path);
  const { rows: grants } = await client.query(
    `SELECT n.nspname AS schema, ${grantColumns} FROM pg_namespace n, aclexplode(n.nspacl) e
      WHERE n.nspname = ANY ($1) AND e.grantee <> n.nspowner ORDER BY 1, 2, 3`,
    [schemas],
  );
  const { rows: defaults } = await client.query(
    `SELECT n.nspname AS schema, ${grantColumns},
        CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
          WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' END AS on
       FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace, aclexplode(d.defaclacl) e
      WHERE pg_get_userbyid(d.defaclrole) = $1 AND e.grantee <> d.defaclrole AND d.defaclobjtype = ANY ('{r,S,f,T,n}')
        AND (n.nspname IS NULL OR n.nspname = 'public' OR n.nspname = ANY ($2)) ORDER BY 1, 2, 3`,
    [migrator, schemas],
  );
  return { searchPath: path ?? undefined, schemas, grants, defaults };
}

const grantColumns = `e.privilege_type AS privilege, e.is_grantable AS grantable,
  CASE WHEN e.grantee <> 0 THEN pg_get_userbyid(e.grantee) END AS grantee`;

/** The schemas of a path that are there; every database has the schema public. */
async function schemasOn(client: Querier, path: string): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT n.nspname AS name FROM pg_namespace n, unnest(string_to_array($1, ',')) AS item
      WHERE trim(item) = ANY (ARRAY[n.nspname, quote_ident(n.nspname)]) AND n.nspname NOT IN ('public', 'pg_catalog')`,
    [path],
  );
  return rows.map(({ name }) => name);
}

/** Makes unqualified names go where they go in the target. @param client the maintenance connection */
export async function setSearchPath(client: Querier, database: string, { searchPath }: Ground): Promise<void> {
  if (searchPath !== undefined) {
    // FROM CURRENT, because PostgreSQL writes lists of names in a way that only it reads back. One message: others may
    // use the connection in between.
    await client.query(`SELECT set_config('search_path', ${escapeLiteral(searchPath)}, false);
      ALTER DATABASE ${quoteIdentifier(database)} SET search_path FROM CURRENT; RESET search_path`);
  }
}

const laid = new WeakSet<ScratchDatabase>();

/** Takes the ground for laid: a copy has what the database has that it is of. */
export function takeGroundForLaid(database: ScratchDatabase): void {
  laid.add(database);
}

/**
 * Lays the ground in a scratch database, once, before anything else is made in it: schemas and privileges, but for those
 * that the SQL which follows makes by itself.
 */
export async function layGround(database: ScratchDatabase, texts: readonly SqlText[]): Promise<void> {
  const { ground } = database;
  if (laid.has(database) || (ground.schemas.length === 0 && ground.defaults.length === 0)) {
    return;
  }
  laid.add(database);
  const mentions = (pattern: RegExp) => texts.some(({ sql }) => pattern.test(sql));
  const schemas = ground.schemas.filter((name) => !mentions(createSchema(name)));
  const isKept = (schema: string | null) => schema === null || schema === "public" || schemas.includes(schema);
  const defaults = mentions(/\balter\s+default\s+privileges\b/i) ? [] : ground.defaults;
  await database.connect(async (client) => {
    const { rows } = await client.query("SELECT rolname AS name FROM pg_roles");
    const roles = new Set(rows.map(({ name }) => name));
    const isThere = ({ grantee }: Grant) => grantee === null || roles.has(grantee);
    const statements = [
      ...schemas.map((name) => `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(name)}`),
      ...ground.grants
        .filter((grant) => isThere(grant) && isKept(grant.schema))
        .map((grant) => grantSql(grant, `SCHEMA ${quoteIdentifier(grant.schema)}`)),
      ...defaults.filter((grant) => isThere(grant) && isKept(grant.schema)).map(defaultSql),
    ];
    await client.query(statements.join(";\n"));
  });
}

function createSchema(name: string): RegExp {
  const escaped = name.replace(/[^\w]/g, "\\$&");
  return new RegExp(String.raw`\bcreate\s+schema\s+(if\s+not\s+exists\s+)?"?${escaped}\b`, "i");
}

function grantSql({ privilege, grantee, grantable }: Grant, on: string): string {
  const to = grantee === null ? "PUBLIC" : quoteIdentifier(grantee);
  return `GRANT ${privilege} ON ${on} TO ${to}${grantable ? " WITH GRANT OPTION" : ""}`;
}

function defaultSql(grant: Ground["defaults"][number]): string {
  const where = grant.schema === null ? "" : ` IN SCHEMA ${quoteIdentifier(grant.schema)}`;
  return `ALTER DEFAULT PRIVILEGES${where} ${grantSql(grant, grant.on)}`;
}
