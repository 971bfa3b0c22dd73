import { dotted, isRead, ofRelations, role, type Scope, selectObjects, versioned, words, yesNo } from "../sql";

/** Publications, what they publish, subscriptions. */
export function publicationQueries(scope: Scope): string[] {
  return [
    publications,
    publishedTables(scope),
    ...(scope.version >= 15 ? [publishedSchemas(scope)] : []),
    subscriptions,
  ];
}

const publications = selectObjects({
  kind: "'publication'",
  identity: "quote_ident(p.pubname)",
  address: ["pg_publication", "p.oid"],
  facts: {
    owner: role("p.pubowner"),
    "all tables": yesNo("p.puballtables"),
    operations: `concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
      CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END)`,
    "via partition root": yesNo("p.pubviaroot"),
    "generated columns": words(versioned("p", "pubgencols"), { n: "none", s: "stored" }),
  },
  from: "FROM pg_publication p",
});

function publishedTables(scope: Scope): string {
  const [columns, filter] =
    scope.version >= 15
      ? [
          `SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attnum = ANY (r.prattrs)`,
          "pg_get_expr(r.prqual, r.prrelid)",
        ]
      : ["NULL", "NULL"];
  return selectObjects({
    kind: "'published table'",
    identity: `quote_ident(p.pubname) || ' ' || ${dotted("n.nspname", "c.relname")}`,
    address: ["pg_publication_rel", "r.oid"],
    of: ["pg_publication", "p.oid"],
    facts: { columns, filter },
    from: `${ofRelations(scope, "pg_publication_rel r", "r.prrelid")} JOIN pg_publication p ON p.oid = r.prpubid`,
  });
}

function publishedSchemas(scope: Scope): string {
  return selectObjects({
    kind: "'published schema'",
    identity: "quote_ident(p.pubname) || ' ' || quote_ident(n.nspname)",
    address: ["pg_publication_namespace", "r.oid"],
    of: ["pg_publication", "p.oid"],
    facts: {},
    from: `FROM pg_publication_namespace r JOIN pg_publication p ON p.oid = r.pnpubid
      JOIN pg_namespace n ON n.oid = r.pnnspid WHERE ${isRead(scope, "n.nspname")}`,
  });
}

/** Their connection strings are secrets that only superusers may read. */
const subscriptions = selectObjects({
  kind: "'subscription'",
  identity: "quote_ident(s.subname)",
  address: ["pg_subscription", "s.oid"],
  facts: {},
  from: `FROM pg_subscription s
    WHERE s.subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())`,
});
