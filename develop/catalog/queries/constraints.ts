import { dotted, ofRelations, role, type Scope, selectObjects, sorted, yesNo } from "../sql";

/** Constraints of tables, indexes, statistics objects. */
export function constraintQueries(scope: Scope): string[] {
  return [constraints(scope), indexes(scope), constraintIndexes(scope), statistics(scope)];
}

function constraints(scope: Scope): string {
  return selectObjects({
    kind: "'constraint'",
    identity: dotted("n.nspname", "c.relname", "k.conname"),
    address: ["pg_constraint", "k.oid"],
    of: ["pg_class", "c.oid"],
    facts: {
      definition: "pg_get_constraintdef(k.oid)",
      "declared here": `CASE WHEN k.coninhcount > 0 AND NOT c.relispartition THEN ${yesNo("k.conislocal")} END`,
    },
    // A foreign key's clones on partitions come with the one on the parent, under whatever name was free.
    from: `${ofRelations(scope, "pg_constraint k", "k.conrelid")}
      WHERE k.contype IN ('c', 'p', 'u', 'x') OR (k.contype = 'f' AND k.conparentid = 0)`,
  });
}

const columnStatistics = `SELECT string_agg(a.attnum || ': ' || a.attstattarget, ', ' ORDER BY a.attnum)
  FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND a.attstattarget >= 0`;

const parent = `SELECT ${dotted("pn.nspname", "p.relname")} FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent
  JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = c.oid`;

const backs = "k.conindid = c.oid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')";

const indexFacts = {
  valid: yesNo("i.indisvalid"),
  ready: yesNo("i.indisready"),
  clustered: yesNo("i.indisclustered"),
  tablespace: "SELECT quote_ident(spcname) FROM pg_tablespace s WHERE s.oid = c.reltablespace",
  "statistics targets": columnStatistics,
  "partition of": parent,
};

function indexes(scope: Scope): string {
  return selectObjects({
    kind: "'index'",
    identity: dotted("n.nspname", "c.relname"),
    address: ["pg_class", "c.oid"],
    of: ["pg_class", "i.indrelid"],
    facts: { definition: "pg_get_indexdef(c.oid)", ...indexFacts },
    from: `${ofRelations(scope, "pg_index i", "i.indexrelid")}
      LEFT JOIN pg_constraint k ON ${backs} WHERE k.oid IS NULL`,
  });
}

/** Its definition is the constraint's. */
function constraintIndexes(scope: Scope): string {
  return selectObjects({
    kind: "'index'",
    identity: dotted("n.nspname", "c.relname"),
    address: ["pg_class", "c.oid"],
    of: ["pg_constraint", "k.oid"],
    facts: { options: sorted("c.reloptions"), ...indexFacts },
    from: `${ofRelations(scope, "pg_index i", "i.indexrelid")} JOIN pg_constraint k ON ${backs}`,
  });
}

function statistics(scope: Scope): string {
  return selectObjects({
    kind: "'statistics'",
    identity: dotted("sn.nspname", "s.stxname"),
    address: ["pg_statistic_ext", "s.oid"],
    of: ["pg_class", "c.oid"],
    facts: {
      owner: role("s.stxowner"),
      definition: "pg_get_statisticsobjdef(s.oid)",
      target: "NULLIF(s.stxstattarget, -1)",
    },
    from: `${ofRelations(scope, "pg_statistic_ext s", "s.stxrelid")} JOIN pg_namespace sn ON sn.oid = s.stxnamespace`,
  });
}
