import type { Client } from "pg";

/**
 * Removes what stands in the way of a change and can be made anew without loss: functions, views, policies, triggers,
 * casts and computed columns that use a type or a column. What the wanted schema has of them, the next round brings back.
 *
 * @param complaints what did not go, in the engine's or the server's words.
 * @returns statements to try; none where nothing is known to help.
 */
export async function obstacleStatements(client: Client, complaints: readonly string[]): Promise<string[]> {
  const statements: string[] = [];
  // Without a search_path every name is printed with its schema.
  await client.query("BEGIN READ ONLY; SET LOCAL search_path = ''");
  for (const complaint of complaints) {
    statements.push(...(await forComplaint(client, complaint)));
  }
  await client.query("COMMIT");
  return [...new Set(statements)];
}

async function forComplaint(client: Client, complaint: string): Promise<string[]> {
  const column =
    /^cannot alter type of a column used by .*?: ALTER TABLE (?:ONLY )?(\S+)\s+ALTER COLUMN (\S+) TYPE/s.exec(
      complaint,
    );
  if (column) {
    return dependents(client, columnAddress, [column[1], column[2]]);
  }
  const [, kind, type] = /^(enum|domain|composite type) (".*?"\.".*?"): cannot /s.exec(complaint) ?? [];
  if (!type) {
    return [];
  }
  const users = await dependents(client, typeAddress, [type]);
  return kind === "enum" ? users : [...users, ...(await otherTypeForColumns(client, type)), `DROP TYPE ${type}`];
}

const typeAddress = `SELECT 'pg_type'::regclass::oid AS classid, t.oid AS objid, 0 AS objsubid FROM pg_type t
  WHERE t.oid = to_regtype($1) OR t.typelem = to_regtype($1)`;

const columnAddress = `SELECT 'pg_class'::regclass::oid AS classid, a.attrelid AS objid, a.attnum::int AS objsubid FROM pg_attribute a
  WHERE a.attrelid = to_regclass($1) AND quote_ident(a.attname) = $2`;

/** Whatever depends on an object, directly or not, as statements that drop it. */
async function dependents(client: Client, address: string, values: readonly (string | undefined)[]): Promise<string[]> {
  const { rows } = await client.query(
    `WITH RECURSIVE origin AS (${address}), used AS (
       SELECT * FROM origin
       UNION
       SELECT coalesce(v.classid, d.classid), coalesce(v.objid, d.objid), coalesce(v.objsubid, d.objsubid)
       FROM used u JOIN pg_depend d ON d.refclassid = u.classid AND d.refobjid = u.objid AND d.deptype IN ('n', 'a')
         AND (u.objsubid = 0 OR d.refobjsubid = u.objsubid)
       -- A rule stands for its view, an expression for its computed column, the parts of a composite type for the type.
       LEFT JOIN LATERAL (
         SELECT 'pg_class'::regclass::oid AS classid, r.ev_class AS objid, 0 AS objsubid FROM pg_rewrite r
         WHERE d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid AND r.rulename = '_RETURN'
         UNION ALL
         SELECT 'pg_class'::regclass, f.adrelid, f.adnum FROM pg_attrdef f
         WHERE d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
         UNION ALL
         SELECT 'pg_type'::regclass, c.reltype, 0 FROM pg_class c
         WHERE d.classid = 'pg_class'::regclass AND c.oid = d.objid AND c.relkind = 'c'
       ) v ON true
       WHERE d.classid IN ('pg_proc'::regclass, 'pg_rewrite'::regclass, 'pg_policy'::regclass, 'pg_trigger'::regclass,
         'pg_cast'::regclass, 'pg_attrdef'::regclass, 'pg_type'::regclass, 'pg_class'::regclass)
     )
     SELECT DISTINCT ${dropSql} AS sql FROM used u`,
    [...values],
  );
  return rows.map(({ sql }) => sql).filter((sql) => sql !== null);
}

const dropSql = `CASE u.classid
  WHEN 'pg_proc'::regclass THEN (SELECT format('DROP %s %s', CASE p.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE'
    ELSE 'FUNCTION' END, p.oid::regprocedure) FROM pg_proc p WHERE p.oid = u.objid)
  WHEN 'pg_policy'::regclass THEN (SELECT format('DROP POLICY %I ON %s', p.polname, p.polrelid::regclass) FROM pg_policy p WHERE p.oid = u.objid)
  WHEN 'pg_trigger'::regclass THEN (SELECT format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass) FROM pg_trigger t
    WHERE t.oid = u.objid AND NOT t.tgisinternal)
  WHEN 'pg_cast'::regclass THEN (SELECT format('DROP CAST (%s AS %s)', c.castsource::regtype, c.casttarget::regtype) FROM pg_cast c WHERE c.oid = u.objid)
  WHEN 'pg_type'::regclass THEN (SELECT format('DROP TYPE %s', t.oid::regtype) FROM pg_type t
    WHERE t.oid = u.objid AND t.typtype IN ('c', 'd', 'r') AND t.oid <> ALL (SELECT objid FROM origin))
  WHEN 'pg_class'::regclass THEN (SELECT CASE WHEN c.relkind IN ('v', 'm') THEN
      format('DROP %s %s', CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'MATERIALIZED VIEW' END, c.oid::regclass)
    ELSE (SELECT format('ALTER TABLE %s DROP COLUMN %I', c.oid::regclass, a.attname) FROM pg_attribute a
      WHERE a.attrelid = c.oid AND a.attnum = u.objsubid AND a.attgenerated <> '') END
    FROM pg_class c WHERE c.oid = u.objid)
END`;

/**
 * While a type is replaced, its columns are of another that takes their values and gives them back: a domain's own type,
 * text for a composite type.
 */
async function otherTypeForColumns(client: Client, type: string): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT format('ALTER TABLE %s ALTER COLUMN %I TYPE %s USING %2$I::%3$s', c.oid::regclass, a.attname,
       CASE WHEN t.typtype <> 'd' THEN 'text' WHEN a.atttypid = t.oid THEN format_type(t.typbasetype, t.typtypmod)
         ELSE format_type(t.typbasetype, t.typtypmod) || '[]' END) AS sql
     FROM pg_type t JOIN pg_attribute a ON a.atttypid IN (t.oid, t.typarray) JOIN pg_class c ON c.oid = a.attrelid
     WHERE t.oid = to_regtype($1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND NOT a.attisdropped`,
    [type],
  );
  return rows.map(({ sql }) => sql);
}
