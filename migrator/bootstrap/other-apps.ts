import { type Client, escapeLiteral } from "pg";
import { literals } from "../connection/quote";
import { usageError } from "../errors";
import type { BootstrapSpec } from "./spec";
import { doBlock } from "./steps";

/**
 * Refuses what belongs to another app: taken over, its schemas would lock it out at its next start, and its role would
 * work in the wrong place.
 *
 * @throws usage (exit 2) that names who owns what.
 */
export async function refuseOtherApps(client: Client, spec: BootstrapSpec): Promise<void> {
  const { rows } = await client.query(othersQuery(spec));
  if (rows.length > 0) {
    throw usageError(rows.map(({ message, hint }) => ({ code: "other-app", message, hint })));
  }
}

/** The same, for a script. */
export function refuseOtherAppsSql(spec: BootstrapSpec): string {
  return doBlock(
    `
  SELECT string_agg(message, '; '), string_agg(hint, ' ') INTO problem, remedy FROM (${othersQuery(spec)}) AS found;
  IF problem IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = problem, HINT = remedy;
  END IF;`,
    "problem text; remedy text;",
  );
}

/** A query of one row with message and hint for each owner and each role in the way. */
function othersQuery(spec: BootstrapSpec): string {
  const { schema, ledgerSchema, migrator, app } = spec;
  const [migrates, serves, own] = [escapeLiteral(migrator.role), escapeLiteral(app.role), escapeLiteral(schema)];
  return `
    WITH named AS (
      SELECT n.oid, n.nspname AS name, n.nspowner AS owner, ${administers("n.nspowner")} AS administered
        FROM pg_namespace n WHERE n.nspname IN (${literals(schema, ledgerSchema)})
    ), ours AS (
      SELECT oid FROM pg_roles r
       WHERE rolname = ${migrates} OR rolname = ${serves} AND NOT ${migratesForOthers("r.oid")}
    ), others AS (
      SELECT owner, format('schema "%s"', name) AS what FROM named
       WHERE NOT administered AND owner NOT IN (SELECT oid FROM ours)
      UNION ALL
      SELECT c.relowner, format('%s object%s in schema "%s"', count(*), CASE WHEN count(*) > 1 THEN 's' END, n.name) FROM named n JOIN pg_class c ON c.relnamespace = n.oid
       WHERE n.administered AND n.owner NOT IN (SELECT oid FROM ours) AND c.relowner NOT IN (SELECT oid FROM ours)
         AND c.relkind = ANY ('{r,p,v,m,f,S}') AND NOT ${isOfExtension("c.oid")}
       GROUP BY c.relowner, n.name
    )
    SELECT format('role "%s" owns %s, which "%s" would take', pg_get_userbyid(owner), string_agg(what, ' and ' ORDER BY what), ${migrates}) AS message,
           ${ownersHint("owner", migrates)} AS hint
      FROM others GROUP BY owner
    UNION ALL
    SELECT format('role "%s" works in schema "%s" of this database: with "%s" it would do so no more', r.rolname, n.nspname, ${own}),
           ${homesHint("r.rolname")}
      FROM pg_roles r JOIN pg_namespace n ON ${hasHome("r.oid", "n.nspname")} AND ${hasHome("n.nspowner", "n.nspname")}
     WHERE r.rolname IN (${migrates}, ${serves}) AND n.nspname <> ${own}`;
}

/** Administrators own schemas that are nobody's yet: `public`, or one that was made by hand. */
function administers(role: string): string {
  return `EXISTS (SELECT FROM pg_roles a WHERE a.oid = ${role}
        AND (a.rolsuper OR a.rolcreaterole OR a.rolname = current_user OR a.rolname ~ '^pg_' OR a.rolname = 'azure_pg_admin'
          OR EXISTS (SELECT FROM pg_database WHERE datname = current_database() AND datdba = a.oid)))`;
}

/** Its tables are for another role to write, as bootstrap grants it: app and migrator do not share this one. */
function migratesForOthers(role: string): string {
  return `EXISTS (SELECT FROM pg_default_acl d JOIN named n ON n.oid = d.defaclnamespace, aclexplode(d.defaclacl) g
        WHERE d.defaclrole = ${role} AND g.grantee <> d.defaclrole AND g.privilege_type = 'INSERT')`;
}

/** An earlier bootstrap gave the role this schema as its search path. */
function hasHome(role: string, schema: string): string {
  return `EXISTS (SELECT FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
        WHERE d.datname = current_database() AND s.setrole = ${role} AND 'search_path=' || quote_ident(${schema}) = ANY (s.setconfig))`;
}

/** An extension brought the relation: it belongs to whoever installed that. */
export function isOfExtension(object: string): string {
  return `EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = ${object} AND e.deptype = 'e')`;
}

const ownSchemas =
  "If it is another app, give this one schemas of its own: --schema NAME --ledger-schema NAME, and --ledger-schema with every command.";

function ownersHint(owner: string, migrates: string): string {
  const [from, to] = [`quote_ident(pg_get_userbyid(${owner}))`, `quote_ident(${migrates})`];
  return `${escapeLiteral(`${ownSchemas} If it is this app under an earlier role, an admin hands over first: `)} || CASE
             WHEN ${administers(owner)} THEN format('ALTER TABLE … OWNER TO %s', ${to})
             WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = ${migrates}) THEN format('REASSIGN OWNED BY %s TO %s', ${from}, ${to})
             ELSE format('ALTER ROLE %s RENAME TO %s', ${from}, ${to}) END || ' (docs/several-apps.md).'`;
}

function homesHint(role: string): string {
  return `${escapeLiteral("Each app has roles of its own. If this app moves to another schema: ")} ||
           format('ALTER ROLE %I IN DATABASE %I RESET search_path', ${role}, current_database()) || ', and run it again (docs/several-apps.md).'`;
}
