import { dotted, isRead, reference, role, type Scope, selectObjects, yesNo } from "../sql";
import { defaultNotNullName } from "./not-null";

/** Enums, domains and their constraints, composite, range, base and shell types. */
export function typeQueries(scope: Scope): string[] {
  return [
    enums(scope),
    domains(scope),
    domainConstraints(scope),
    domainNotNulls(scope),
    compositeTypes(scope),
    compositeRelations(scope),
    rangeTypes(scope),
    baseTypes(scope),
    shellTypes(scope),
  ];
}

const identity = dotted("n.nspname", "t.typname");
const address = ["pg_type", "t.oid"] as const;
const owner = role("t.typowner");

function types(scope: Scope, join: string, condition: string): string {
  return `FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace ${join}
    WHERE ${isRead(scope, "n.nspname")} AND ${condition}`;
}

function enums(scope: Scope): string {
  return selectObjects({
    kind: "'enum'",
    identity,
    address,
    facts: {
      owner,
      labels: `SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
        FROM pg_enum e WHERE e.enumtypid = t.oid`,
    },
    from: types(scope, "", "t.typtype = 'e'"),
  });
}

function domains(scope: Scope): string {
  return selectObjects({
    kind: "'domain'",
    identity,
    address,
    facts: {
      owner,
      type: "format_type(t.typbasetype, t.typtypmod)",
      collation: "CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation::regcollation::text END",
      default: "pg_get_expr(t.typdefaultbin, 0)",
      "not null": yesNo("t.typnotnull"),
      "not null constraint": `CASE WHEN nn.conname <> ${defaultNotNullName("t.typname")} THEN quote_ident(nn.conname) END`,
    },
    from: types(
      scope,
      `JOIN pg_type b ON b.oid = t.typbasetype
        LEFT JOIN pg_constraint nn ON nn.contypid = t.oid AND nn.contype = 'n'`,
      "t.typtype = 'd'",
    ),
  });
}

function domainConstraints(scope: Scope): string {
  return selectObjects({
    kind: "'constraint'",
    identity: dotted("n.nspname", "t.typname", "k.conname"),
    address: ["pg_constraint", "k.oid"],
    of: address,
    facts: { definition: "pg_get_constraintdef(k.oid)" },
    from: types(scope, "JOIN pg_constraint k ON k.contypid = t.oid", "k.contype = 'c'"),
  });
}

function domainNotNulls(scope: Scope): string {
  return selectObjects({
    kind: "'constraint'",
    identity: dotted("n.nspname", "t.typname", "k.conname"),
    address: ["pg_constraint", "k.oid"],
    of: address,
    hidden: true,
    facts: {},
    from: types(scope, "JOIN pg_constraint k ON k.contypid = t.oid", "k.contype = 'n'"),
  });
}

const attributes = `SELECT string_agg(concat(quote_ident(a.attname), ' ', format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attcollation <> ct.typcollation THEN ' COLLATE ' || a.attcollation::regcollation::text END),
    ', ' ORDER BY a.attnum)
  FROM pg_attribute a JOIN pg_type ct ON ct.oid = a.atttypid
  WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped`;

function compositeTypes(scope: Scope): string {
  return selectObjects({
    kind: "'composite type'",
    identity,
    address,
    facts: { owner, attributes },
    from: types(scope, "JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'", "t.typtype = 'c'"),
  });
}

/** Comments on a composite type's attributes are kept with the relation behind it. */
function compositeRelations(scope: Scope): string {
  return selectObjects({
    kind: "'composite type'",
    identity,
    address: ["pg_class", "t.typrelid"],
    of: address,
    hidden: true,
    facts: {},
    from: types(scope, "JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'", "t.typtype = 'c'"),
  });
}

function rangeTypes(scope: Scope): string {
  return selectObjects({
    kind: "'range type'",
    identity,
    address,
    facts: {
      owner,
      subtype: "format_type(r.rngsubtype, NULL)",
      "operator class": `SELECT ${dotted("cn.nspname", "oc.opcname")} FROM pg_opclass oc
        JOIN pg_namespace cn ON cn.oid = oc.opcnamespace WHERE oc.oid = r.rngsubopc`,
      collation: reference("r.rngcollation", "regcollation"),
      "canonical function": reference("r.rngcanonical::oid", "regprocedure"),
      "difference function": reference("r.rngsubdiff::oid", "regprocedure"),
      "multirange type": "format_type(r.rngmultitypid, NULL)",
    },
    from: types(scope, "JOIN pg_range r ON r.rngtypid = t.oid", "t.typtype = 'r'"),
  });
}

function baseTypes(scope: Scope): string {
  const procedure = (column: string) => reference(`t.${column}::oid`, "regprocedure");
  return selectObjects({
    kind: "'base type'",
    identity,
    address,
    facts: {
      owner,
      input: procedure("typinput"),
      output: procedure("typoutput"),
      receive: procedure("typreceive"),
      send: procedure("typsend"),
      "modifier input": procedure("typmodin"),
      "modifier output": procedure("typmodout"),
      analyze: procedure("typanalyze"),
      subscript: procedure("typsubscript"),
      length: "t.typlen",
      "passed by value": yesNo("t.typbyval"),
      alignment: "t.typalign",
      storage: "t.typstorage",
      category: "t.typcategory",
      preferred: yesNo("t.typispreferred"),
      default: "t.typdefault",
      element: "CASE WHEN t.typelem <> 0 THEN format_type(t.typelem, NULL) END",
      delimiter: "t.typdelim",
      collatable: yesNo("t.typcollation <> 0"),
    },
    from: types(scope, "", "t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)"),
  });
}

function shellTypes(scope: Scope): string {
  return selectObjects({
    kind: "'shell type'",
    identity,
    address,
    facts: { owner },
    from: types(scope, "", "t.typtype = 'p' AND NOT t.typisdefined"),
  });
}
