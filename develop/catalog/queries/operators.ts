import { dotted, isRead, reference, role, type Scope, selectObjects, yesNo } from "../sql";

/** Operators, operator classes and families. */
export function operatorQueries(scope: Scope): string[] {
  return [operators(scope), operatorFamilies(scope), operatorClasses(scope)];
}

function operators(scope: Scope): string {
  return selectObjects({
    kind: "'operator'",
    identity: "o.oid::regoperator::text",
    address: ["pg_operator", "o.oid"],
    facts: {
      owner: role("o.oprowner"),
      function: reference("o.oprcode::oid", "regprocedure"),
      commutator: reference("o.oprcom", "regoperator"),
      negator: reference("o.oprnegate", "regoperator"),
      "restriction estimator": reference("o.oprrest::oid", "regprocedure"),
      "join estimator": reference("o.oprjoin::oid", "regprocedure"),
      hashes: yesNo("o.oprcanhash"),
      merges: yesNo("o.oprcanmerge"),
    },
    // Without a function: a shell, made by another operator's mention of it.
    from: `FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
      WHERE o.oprcode <> 0 AND ${isRead(scope, "n.nspname")}`,
  });
}

/** SQL for the class that a family's member was made with, if any: it cannot go without it. */
function memberOf(catalog: string, oid: string): string {
  return `(SELECT ' of class ' || ${dotted("cn.nspname", "oc.opcname")} FROM pg_depend d
    JOIN pg_opclass oc ON oc.oid = d.refobjid JOIN pg_namespace cn ON cn.oid = oc.opcnamespace
    WHERE d.classid = '${catalog}'::regclass AND d.objid = ${oid} AND d.refclassid = 'pg_opclass'::regclass)`;
}

const familyOperators = `SELECT string_agg(concat(m.amopstrategy, ' ', m.amopopr::regoperator,
    ' for ' || (SELECT ${dotted("fn.nspname", "sf.opfname")} FROM pg_opfamily sf
      JOIN pg_namespace fn ON fn.oid = sf.opfnamespace WHERE sf.oid = m.amopsortfamily),
    ${memberOf("pg_amop", "m.oid")}), chr(10) ORDER BY m.amopstrategy, m.amopopr::regoperator::text COLLATE "C")
  FROM pg_amop m WHERE m.amopfamily = f.oid`;

const familyFunctions = `SELECT string_agg(concat(m.amprocnum, ' (', format_type(m.amproclefttype, NULL), ', ',
    format_type(m.amprocrighttype, NULL), ') ', m.amproc::regprocedure, ${memberOf("pg_amproc", "m.oid")}), chr(10)
    ORDER BY m.amprocnum, format_type(m.amproclefttype, NULL) COLLATE "C", format_type(m.amprocrighttype, NULL) COLLATE "C")
  FROM pg_amproc m WHERE m.amprocfamily = f.oid`;

function operatorFamilies(scope: Scope): string {
  return selectObjects({
    kind: "'operator family'",
    identity: `${dotted("n.nspname", "f.opfname")} || ' using ' || am.amname`,
    address: ["pg_opfamily", "f.oid"],
    facts: { owner: role("f.opfowner"), operators: familyOperators, functions: familyFunctions },
    from: `FROM pg_opfamily f JOIN pg_namespace n ON n.oid = f.opfnamespace JOIN pg_am am ON am.oid = f.opfmethod
      WHERE ${isRead(scope, "n.nspname")}`,
  });
}

function operatorClasses(scope: Scope): string {
  return selectObjects({
    kind: "'operator class'",
    identity: `${dotted("n.nspname", "oc.opcname")} || ' using ' || am.amname`,
    address: ["pg_opclass", "oc.oid"],
    facts: {
      owner: role("oc.opcowner"),
      family: dotted("fn.nspname", "f.opfname"),
      type: "format_type(oc.opcintype, NULL)",
      default: yesNo("oc.opcdefault"),
      "storage type": "CASE WHEN oc.opckeytype <> 0 THEN format_type(oc.opckeytype, NULL) END",
    },
    from: `FROM pg_opclass oc JOIN pg_namespace n ON n.oid = oc.opcnamespace JOIN pg_am am ON am.oid = oc.opcmethod
      JOIN pg_opfamily f ON f.oid = oc.opcfamily JOIN pg_namespace fn ON fn.oid = f.opfnamespace
      WHERE ${isRead(scope, "n.nspname")}`,
  });
}
