import { isRead, type Scope, selectObjects, words } from "../sql";

/** Comments, security labels, grants, dependencies on extensions: rows of {@link import("../rows").AnnotationRow}. */
export function annotationQueries(): string[] {
  return [comments, securityLabels, grants, extensionDependencies];
}

/** Addresses of what belongs to extensions, or comes with a range type: rows of {@link import("../rows").MemberRow}. */
export const memberQuery = `SELECT concat(k.relname, '/', d.objid, '/0') AS address
  FROM pg_depend d JOIN pg_class k ON k.oid = d.classid WHERE d.deptype = 'e'
    OR (d.deptype = 'i' AND d.classid IN ('pg_proc'::regclass, 'pg_cast'::regclass) AND d.refclassid = 'pg_type'::regclass)`;

/** SQL for the parts of an annotation's row that say what it is on. */
function on(classOid: string, oid: string, column: string): string {
  return `(SELECT concat(k.relname, '/', ${oid}, '/', ${column}) FROM pg_class k WHERE k.oid = ${classOid}) AS address,
    (SELECT quote_ident(a.attname) FROM pg_attribute a
      WHERE ${classOid} = 'pg_class'::regclass AND a.attrelid = ${oid} AND a.attnum = ${column} AND ${column} <> 0) AS "column"`;
}

/** The schema public has a fixed OID below those of the objects that users make. */
const madeByUsers = (oid: string): string => `(${oid} >= 16384 OR ${oid} = to_regnamespace('public')::oid)`;

const comments = `SELECT 'comment' AS kind, ${on("d.classoid", "d.objoid", "d.objsubid")}, NULL AS name,
    json_build_object('text', d.description) AS facts
  FROM pg_description d WHERE ${madeByUsers("d.objoid")}`;

const securityLabels = `SELECT 'security label' AS kind, ${on("l.classoid", "l.objoid", "l.objsubid")}, l.provider AS name,
    json_build_object('label', l.label) AS facts
  FROM pg_seclabel l WHERE ${madeByUsers("l.objoid")}`;

/** SQL for privileges as words, of rows of aclexplode() called `e`. */
function privileges(owner: string): string {
  return `string_agg(concat(e.privilege_type, CASE WHEN e.is_grantable THEN ' with grant option' END,
    CASE WHEN e.grantor <> ${owner} THEN ' granted by ' || quote_ident(pg_get_userbyid(e.grantor)) END), ', '
    ORDER BY e.privilege_type COLLATE "C", pg_get_userbyid(e.grantor))`;
}

const grantable = [
  `SELECT 'pg_class' AS class, oid, 0 AS sub, relowner AS owner,
    coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)) AS acl
    FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')`,
  `SELECT 'pg_class', a.attrelid, a.attnum, c.relowner, a.attacl
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE a.attacl IS NOT NULL`,
  "SELECT 'pg_namespace', oid, 0, nspowner, coalesce(nspacl, acldefault('n', nspowner)) FROM pg_namespace",
  "SELECT 'pg_proc', oid, 0, proowner, coalesce(proacl, acldefault('f', proowner)) FROM pg_proc",
  "SELECT 'pg_type', oid, 0, typowner, coalesce(typacl, acldefault('T', typowner)) FROM pg_type",
  "SELECT 'pg_language', oid, 0, lanowner, coalesce(lanacl, acldefault('l', lanowner)) FROM pg_language",
  `SELECT 'pg_foreign_data_wrapper', oid, 0, fdwowner, coalesce(fdwacl, acldefault('F', fdwowner))
    FROM pg_foreign_data_wrapper`,
  "SELECT 'pg_foreign_server', oid, 0, srvowner, coalesce(srvacl, acldefault('S', srvowner)) FROM pg_foreign_server",
];

// The owner's privileges go along with the ownership: by name they would differ whenever the owner does.
const grants = `SELECT 'grant' AS kind, concat(g.class, '/', g.oid, '/', g.sub) AS address,
    (SELECT quote_ident(a.attname) FROM pg_attribute a
      WHERE g.class = 'pg_class' AND g.sub <> 0 AND a.attrelid = g.oid AND a.attnum = g.sub) AS "column",
    CASE WHEN e.grantee = 0 THEN 'PUBLIC' WHEN e.grantee = g.owner THEN 'its owner'
      ELSE quote_ident(pg_get_userbyid(e.grantee)) END AS name,
    json_build_object('privileges', ${privileges("g.owner")}) AS facts
  FROM (${grantable.join("\n  UNION ALL ")}) AS g, aclexplode(g.acl) AS e
  WHERE ${madeByUsers("g.oid")} GROUP BY g.class, g.oid, g.sub, g.owner, e.grantee`;

const extensionDependencies = `SELECT 'extension dependency' AS kind, ${on("d.classid", "d.objid", "d.objsubid")},
    quote_ident(e.extname) AS name, json_build_object() AS facts
  FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
  WHERE d.deptype = 'x' AND d.refclassid = 'pg_extension'::regclass`;

/** SQL for the privileges that an ACL gives each grantee of a default ACL `d`. */
function byGrantee(acl: string): string {
  return `(SELECT CASE WHEN e.grantee = 0 THEN 'PUBLIC' WHEN e.grantee = d.defaclrole THEN 'its owner'
      ELSE quote_ident(pg_get_userbyid(e.grantee)) END AS grantee, ${privileges("d.defaclrole")} AS privileges
    FROM aclexplode(${acl}) AS e GROUP BY e.grantee)`;
}

/** What ALTER DEFAULT PRIVILEGES made otherwise than PostgreSQL has it, by grantee. */
export function defaultPrivileges(scope: Scope): string {
  // Those of a schema are given besides the database's, which replace PostgreSQL's own.
  const builtIn = `CASE WHEN d.defaclnamespace = 0 THEN
    acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole) END`;
  return selectObjects({
    kind: "'default privileges'",
    identity: `concat('of ', quote_ident(pg_get_userbyid(d.defaclrole)), ' in ' || quote_ident(n.nspname), ' on ',
      ${words("d.defaclobjtype", { r: "tables", S: "sequences", f: "functions", T: "types", n: "schemas", L: "large objects" })},
      ' to ', p.grantee)`,
    address: ["pg_default_acl", "d.oid"],
    facts: { privileges: "p.privileges" },
    from: `FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace,
      LATERAL (SELECT grantee, coalesce(given.privileges, 'none') AS privileges
        FROM ${byGrantee("d.defaclacl")} AS given FULL JOIN ${byGrantee(builtIn)} AS usual USING (grantee)
        WHERE given.privileges IS DISTINCT FROM usual.privileges) AS p
      WHERE n.nspname IS NULL OR ${isRead(scope, "n.nspname")}`,
  });
}
