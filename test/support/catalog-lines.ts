import type { Client } from "pg";
import { withClient } from "./database";

/** Schemas whose objects are not the migrations': the ledger's, and that of the recorder in round-trip.ts. */
const notTheirs = "'information_schema', 'schemagate', 'round_trip'";

/** Schemas whose objects are read, and those objects that no extension brought. */
const scope = `
  ns AS (SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN (${notTheirs})),
  members AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
  rel AS (
    SELECT c.*, format('%I.%I', nspname, relname) AS path FROM pg_class c JOIN ns ON ns.oid = relnamespace
     WHERE ('pg_class'::regclass, c.oid) NOT IN (SELECT classid, objid FROM members)
  ),
  typ AS (
    SELECT t.*, format('%I.%I', nspname, typname) AS path FROM pg_type t JOIN ns ON ns.oid = typnamespace
     WHERE ('pg_type'::regclass, t.oid) NOT IN (SELECT classid, objid FROM members)
  )`;

/** Privileges, those that come with ownership included: GRANT and REVOKE leave another array than there was before. */
const acl = (column: string, kind: string, owner: string) =>
  `'acl ' || (SELECT string_agg(a::text, ' ' ORDER BY a::text)
     FROM unnest(coalesce(${column}, acldefault('${kind}', ${owner}))) a)`;

const relations = [
  `SELECT concat_ws(' ',
     CASE relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view'
       WHEN 'f' THEN 'foreign table' WHEN 'c' THEN 'composite type' WHEN 'S' THEN 'sequence' END,
     path, 'owner', relowner::regrole, 'persistence', relpersistence, 'replica identity', relreplident,
     'options ' || reloptions::text, CASE WHEN relrowsecurity THEN 'row security' END,
     CASE WHEN relforcerowsecurity THEN 'forced' END, CASE WHEN NOT relispopulated THEN 'not populated' END,
     'partitioned by ' || pg_get_partkeydef(oid),
     CASE WHEN relkind = 'S' THEN ${acl("relacl", "s", "relowner")} ELSE ${acl("relacl", "r", "relowner")} END,
     CASE WHEN relkind IN ('v', 'm') THEN 'as ' || pg_get_viewdef(oid) END)
     FROM rel WHERE relkind NOT IN ('i', 'I', 't')`,
  `SELECT concat_ws(' ', 'child', path, 'of', inhparent::regclass, pg_get_expr(relpartbound, rel.oid))
     FROM rel JOIN pg_inherits ON inhrelid = rel.oid`,
  `SELECT concat_ws(' ', 'column', path || '.' || quote_ident(attname), format_type(atttypid, atttypmod),
     'collation ' || nullif(attcollation, 0)::regcollation, CASE WHEN attnotnull THEN 'not null' END,
     'default ' || pg_get_expr(adbin, adrelid), 'identity ' || nullif(attidentity::text, ''),
     'generated ' || nullif(attgenerated::text, ''), 'storage', attstorage,
     'compression ' || nullif(attcompression::text, ''),
     'statistics ' || nullif(attstattarget, -1), CASE WHEN NOT attislocal THEN 'inherited' END,
     'options ' || attoptions::text, 'acl ' || nullif(attacl, '{}')::text)
     FROM rel JOIN pg_attribute a ON a.attrelid = rel.oid
     LEFT JOIN pg_attrdef d ON adrelid = attrelid AND adnum = attnum
    WHERE relkind NOT IN ('i', 'I', 't', 'S') AND attnum > 0 AND NOT attisdropped`,
  `SELECT 'column order ' || path || ': ' || string_agg(quote_ident(attname), ', ' ORDER BY attnum)
     FROM rel JOIN pg_attribute a ON a.attrelid = rel.oid
    WHERE relkind NOT IN ('i', 'I', 't', 'S') AND attnum > 0 AND NOT attisdropped GROUP BY path`,
  `SELECT concat_ws(' ', 'sequence', path, 'as', format_type(seqtypid, NULL), 'start', seqstart,
     'increment', seqincrement, 'from', seqmin, 'to', seqmax, 'cache', seqcache, CASE WHEN seqcycle THEN 'cycle' END,
     (SELECT format('owned by %s.%I', refobjid::regclass, attname) FROM pg_depend
        JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
       WHERE classid = 'pg_class'::regclass AND objid = rel.oid AND deptype IN ('a', 'i') AND refobjsubid > 0))
     FROM rel JOIN pg_sequence ON seqrelid = rel.oid`,
];

const partsOfRelations = [
  `SELECT concat_ws(' ', 'constraint', quote_ident(conname), 'on', coalesce(rel.path, typ.path),
     pg_get_constraintdef(c.oid), CASE WHEN NOT convalidated THEN 'not validated' END,
     CASE WHEN NOT conislocal THEN 'inherited' END)
     FROM pg_constraint c LEFT JOIN rel ON rel.oid = conrelid LEFT JOIN typ ON typ.oid = contypid
    WHERE coalesce(rel.path, typ.path) IS NOT NULL AND contype <> 't'`,
  `SELECT concat_ws(' ', 'index', path, pg_get_indexdef(indexrelid), CASE WHEN NOT indisvalid THEN 'invalid' END,
     CASE WHEN NOT indisready THEN 'not ready' END, CASE WHEN indisclustered THEN 'clustered' END,
     CASE WHEN indisreplident THEN 'replica identity' END)
     FROM rel JOIN pg_index ON indexrelid = rel.oid`,
  `SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(t.oid), 'enabled', tgenabled)
     FROM rel JOIN pg_trigger t ON tgrelid = rel.oid WHERE NOT tgisinternal`,
  `SELECT concat_ws(' ', 'rule', pg_get_ruledef(r.oid), 'enabled', ev_enabled)
     FROM rel JOIN pg_rewrite r ON ev_class = rel.oid WHERE rulename <> '_RETURN'`,
  `SELECT concat_ws(' ', 'policy', quote_ident(polname), 'on', path, 'for', polcmd,
     CASE WHEN polpermissive THEN 'permissive' ELSE 'restrictive' END,
     'to', (SELECT string_agg(CASE role WHEN 0 THEN 'public' ELSE role::regrole::text END, ', ' ORDER BY role)
              FROM unnest(polroles) role),
     'using ' || pg_get_expr(polqual, polrelid), 'check ' || pg_get_expr(polwithcheck, polrelid))
     FROM rel JOIN pg_policy ON polrelid = rel.oid`,
  `SELECT concat_ws(' ', 'statistics', pg_get_statisticsobjdef(s.oid), 'target ' || nullif(stxstattarget, -1))
     FROM pg_statistic_ext s JOIN rel ON rel.oid = stxrelid`,
];

const typesAndFunctions = [
  `SELECT 'enum ' || path || ': ' || string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder)
     FROM typ JOIN pg_enum ON enumtypid = typ.oid GROUP BY path`,
  `SELECT concat_ws(' ', 'domain', path, 'over', format_type(typbasetype, typtypmod),
     CASE WHEN typnotnull THEN 'not null' END, 'default ' || typdefault,
     'collation ' || nullif(typcollation, 0)::regcollation) FROM typ WHERE typtype = 'd'`,
  `SELECT concat_ws(' ', 'range', path, 'of', format_type(rngsubtype, NULL), 'difference', rngsubdiff)
     FROM typ JOIN pg_range ON rngtypid = typ.oid`,
  `SELECT concat_ws(' ', 'type', path, 'owner', typowner::regrole, ${acl("typacl", "T", "typowner")})
     FROM typ WHERE typtype IN ('e', 'd', 'r', 'b') AND typelem = 0`,
  `SELECT concat_ws(' ', 'function', p.oid::regprocedure, 'owner', proowner::regrole, ${acl("proacl", "f", "proowner")},
     CASE prokind WHEN 'a' THEN (
         SELECT concat_ws(' ', 'aggregate', aggtransfn, aggfinalfn, aggtranstype::regtype, agginitval)
           FROM pg_aggregate WHERE aggfnoid = p.oid) ELSE pg_get_functiondef(p.oid) END)
     FROM pg_proc p JOIN ns ON ns.oid = pronamespace
    WHERE ('pg_proc'::regclass, p.oid) NOT IN (SELECT classid, objid FROM members)`,
];

/** Kinds of objects that are read by name alone. */
const namedOnly = [
  ...["pg_cast", "pg_collation", "pg_conversion", "pg_operator", "pg_opclass", "pg_opfamily", "pg_ts_config"],
  ...["pg_ts_dict", "pg_ts_template", "pg_ts_parser", "pg_publication", "pg_foreign_data_wrapper"],
  ...["pg_foreign_server", "pg_language", "pg_transform", "pg_am", "pg_subscription"],
];

const database = [
  `SELECT concat_ws(' ', 'schema', quote_ident(n.nspname), 'owner', nspowner::regrole,
     ${acl("nspacl", "n", "nspowner")})
     FROM pg_namespace n JOIN ns USING (oid)`,
  `SELECT format('extension %I %s in %s', extname, extversion, extnamespace::regnamespace) FROM pg_extension`,
  `SELECT concat_ws(' ', 'default privileges of', defaclrole::regrole,
     'in ' || nullif(defaclnamespace, 0)::regnamespace, 'for', defaclobjtype, defaclacl::text) FROM pg_default_acl`,
  `SELECT concat_ws(' ', 'event trigger', quote_ident(evtname), 'on', evtevent, 'calls', evtfoid::regproc,
     'enabled', evtenabled, 'tags ' || evttags::text) FROM pg_event_trigger`,
  `SELECT concat_ws(' ', 'setting', nullif(setrole, 0)::regrole, setconfig::text) FROM pg_db_role_setting
    WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  `SELECT format('comment on %s %s: %s', o.type, o.identity, description)
     FROM pg_description, pg_identify_object(classoid, objoid, objsubid) o
    WHERE (objoid >= 16384 OR classoid = 'pg_namespace'::regclass)
      AND coalesce(o.schema, '') NOT IN (${notTheirs}) AND o.identity NOT IN (${notTheirs})`,
  ...namedOnly.map(
    (
      catalog,
    ) => `SELECT format('%s %s', o.type, o.identity) FROM ${catalog} c, pg_identify_object(c.tableoid, c.oid, 0) o
    WHERE c.oid >= 16384 AND (c.tableoid, c.oid) NOT IN (SELECT classid, objid FROM members)`,
  ),
];

/**
 * One query over PostgreSQL's catalogs: a line for each object, without numbers that differ between creations.
 * It shares nothing with the migrator's own reading of catalogs, so that the two cannot be wrong together.
 */
export const catalogSql = `WITH ${scope} SELECT line FROM (
  ${[...relations, ...partsOfRelations, ...typesAndFunctions, ...database].join("\n  UNION ALL ")}
) AS lines (line) ORDER BY line COLLATE "C"`;

/** What the query's answer depends on besides the catalogs, for SET. */
export const catalogSettings = [
  "search_path = ''",
  "datestyle = 'ISO'",
  "intervalstyle = 'postgres'",
  "timezone = 'UTC'",
];

/** Reads what is in a database, besides the ledger: sorted lines. */
export function readCatalogLines(url: string): Promise<string[]> {
  return withClient(url, readCatalogLinesOf);
}

/** The same within a client's transaction; leaves its settings changed. */
export async function readCatalogLinesOf(client: Pick<Client, "query">): Promise<string[]> {
  await client.query(catalogSettings.map((setting) => `SET ${setting}`).join("; "));
  return (await client.query(catalogSql)).rows.map(({ line }) => line);
}

/** What became of one catalog in another: `- line` is gone, `+ line` is new. */
export function compareCatalogLines(before: readonly string[], after: readonly string[]): string[] {
  const [old, now] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !now.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !old.has(line)).map((line) => `+ ${line}`),
  ];
}
