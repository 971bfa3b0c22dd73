import { dotted, ofRelations, role, type Scope, selectObjects, sorted, words, yesNo } from "../sql";
import { defaultNotNullName } from "./not-null";
import { options } from "./options";

/** Columns of tables and foreign tables, defaults, sequences. */
export function columnQueries(scope: Scope): string[] {
  return [columns(scope), notNullConstraints(scope), defaults(scope), sequences(scope)];
}

const identity = dotted("n.nspname", "c.relname", "a.attname");
const attributes = "a.attnum > 0 AND NOT a.attisdropped";

function columns(scope: Scope): string {
  return selectObjects({
    kind: "'column'",
    identity,
    address: ["pg_class", "c.oid", "a.attnum"],
    of: ["pg_class", "c.oid"],
    facts: {
      type: "format_type(a.atttypid, a.atttypmod)",
      "not null": `CASE WHEN NOT a.attnotnull THEN 'no' ELSE concat('yes', CASE WHEN NOT nn.convalidated THEN ', not valid' END,
        CASE WHEN nn.connoinherit THEN ', no inherit' END) END`,
      // Where it is inherited, its name is the parent's (CREATE) or the child's own (ATTACH, INHERIT): an accident.
      "not null constraint": `CASE WHEN nn.coninhcount = 0 AND nn.conname <> ${defaultNotNullName("c.relname", "a.attname")}
        THEN quote_ident(nn.conname) END`,
      "not null declared here": `CASE WHEN nn.coninhcount > 0 AND NOT c.relispartition THEN ${yesNo("nn.conislocal")} END`,
      collation: "CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END",
      storage: `CASE WHEN a.attstorage <> t.typstorage THEN
        ${words("a.attstorage", { p: "plain", e: "external", m: "main", x: "extended" })} END`,
      compression: words("NULLIF(a.attcompression, '')", { p: "pglz", l: "lz4" }),
      "statistics target": "NULLIF(a.attstattarget, -1)",
      options: sorted("a.attoptions"),
      "foreign options": options("a.attfdwoptions"),
      identity: words("NULLIF(a.attidentity, '')", { a: "always", d: "by default" }),
      generated: `CASE WHEN a.attgenerated <> '' THEN concat(pg_get_expr(d.adbin, d.adrelid),
        ${words("a.attgenerated", { s: " stored", v: " virtual" })}) END`,
      // A partition has its columns from its parent, however it came to be one.
      "declared here": `CASE WHEN a.attinhcount > 0 AND NOT c.relispartition THEN ${yesNo("a.attislocal")} END`,
    },
    from: `${ofRelations(scope, "pg_attribute a", "a.attrelid")}
      JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      LEFT JOIN pg_constraint nn ON nn.conrelid = a.attrelid AND nn.contype = 'n' AND nn.conkey[1] = a.attnum
      WHERE c.relkind IN ('r', 'p', 'f') AND ${attributes}`,
  });
}

/** Those are facts of columns; as objects they are only found by their comments. */
function notNullConstraints(scope: Scope): string {
  return selectObjects({
    kind: "'constraint'",
    identity: dotted("n.nspname", "c.relname", "nn.conname"),
    address: ["pg_constraint", "nn.oid"],
    of: ["pg_class", "c.oid", "nn.conkey[1]"],
    hidden: true,
    facts: {},
    from: `${ofRelations(scope, "pg_constraint nn", "nn.conrelid")} WHERE nn.contype = 'n'`,
  });
}

function defaults(scope: Scope): string {
  return selectObjects({
    kind: "'default'",
    identity,
    address: ["pg_attrdef", "d.oid"],
    of: ["pg_class", "c.oid", "a.attnum"],
    facts: { expression: "pg_get_expr(d.adbin, d.adrelid)" },
    from: `${ofRelations(scope, "pg_attrdef d", "d.adrelid")}
      JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE a.attgenerated = '' AND ${attributes}`,
  });
}

function sequences(scope: Scope): string {
  const owner = (deptype: string) =>
    `CASE WHEN d.deptype = '${deptype}' THEN ${dotted("tn.nspname", "tc.relname", "a.attname")} END`;
  return selectObjects({
    kind: "'sequence'",
    identity: dotted("n.nspname", "c.relname"),
    address: ["pg_class", "c.oid"],
    of: ["pg_class", "d.refobjid", "d.refobjsubid"],
    facts: {
      owner: role("c.relowner"),
      type: "format_type(s.seqtypid, NULL)",
      start: "s.seqstart",
      increment: "s.seqincrement",
      minimum: "s.seqmin",
      maximum: "s.seqmax",
      cache: "s.seqcache",
      cycle: yesNo("s.seqcycle"),
      persistence: words("c.relpersistence", { p: "logged", u: "unlogged" }),
      "owned by": owner("a"),
      "identity of": owner("i"),
    },
    from: `${ofRelations(scope, "pg_sequence s", "s.seqrelid")}
      LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
        AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0
      LEFT JOIN pg_class tc ON tc.oid = d.refobjid LEFT JOIN pg_namespace tn ON tn.oid = tc.relnamespace
      LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid`,
  });
}
