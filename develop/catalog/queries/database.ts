import { isNotIgnored, reference, role, type Scope, selectObjects, words, yesNo } from "../sql";

/** FirstNormalObjectId: what has a lower one was made by initdb. */
const firstNormalOid = 16384;

/** What is in no schema: extensions, casts, languages, transforms, access methods, event triggers. */
export function databaseQueries(scope: Scope): string[] {
  return [extensions, casts(scope), languages, transforms(scope), accessMethods, eventTriggers];
}

const extensions = selectObjects({
  kind: "'extension'",
  identity: "quote_ident(e.extname)",
  address: ["pg_extension", "e.oid"],
  facts: { schema: "quote_ident(n.nspname)" },
  from: "FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace",
});

/** SQL condition: neither of two types is in an ignored schema. */
function typesAreRead(scope: Scope, ...types: readonly string[]): string {
  return `NOT EXISTS (SELECT FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.oid IN (${types.join(", ")}) AND NOT ${isNotIgnored(scope, "n.nspname")})`;
}

function casts(scope: Scope): string {
  return selectObjects({
    kind: "'cast'",
    identity: "concat('(', format_type(k.castsource, NULL), ' AS ', format_type(k.casttarget, NULL), ')')",
    address: ["pg_cast", "k.oid"],
    facts: {
      function: reference("k.castfunc", "regprocedure"),
      context: words("k.castcontext", { e: "explicit", a: "assignment", i: "implicit" }),
      method: words("k.castmethod", { f: "function", i: "input and output", b: "binary coercible" }),
    },
    from: `FROM pg_cast k WHERE k.oid >= ${firstNormalOid} AND ${typesAreRead(scope, "k.castsource", "k.casttarget")}`,
  });
}

const languages = selectObjects({
  kind: "'language'",
  identity: "quote_ident(l.lanname)",
  address: ["pg_language", "l.oid"],
  facts: {
    owner: role("l.lanowner"),
    trusted: yesNo("l.lanpltrusted"),
    handler: reference("l.lanplcallfoid", "regprocedure"),
    inline: reference("l.laninline", "regprocedure"),
    validator: reference("l.lanvalidator", "regprocedure"),
  },
  from: `FROM pg_language l WHERE l.lanispl AND l.oid >= ${firstNormalOid}`,
});

function transforms(scope: Scope): string {
  return selectObjects({
    kind: "'transform'",
    identity: "concat('for ', format_type(f.trftype, NULL), ' language ', quote_ident(l.lanname))",
    address: ["pg_transform", "f.oid"],
    facts: {
      "from SQL": reference("f.trffromsql::oid", "regprocedure"),
      "to SQL": reference("f.trftosql::oid", "regprocedure"),
    },
    from: `FROM pg_transform f JOIN pg_language l ON l.oid = f.trflang WHERE ${typesAreRead(scope, "f.trftype")}`,
  });
}

const accessMethods = selectObjects({
  kind: "'access method'",
  identity: "quote_ident(am.amname)",
  address: ["pg_am", "am.oid"],
  facts: {
    type: words("am.amtype", { i: "index", t: "table" }),
    handler: reference("am.amhandler::oid", "regprocedure"),
  },
  from: `FROM pg_am am WHERE am.oid >= ${firstNormalOid}`,
});

const eventTriggers = selectObjects({
  kind: "'event trigger'",
  identity: "quote_ident(g.evtname)",
  address: ["pg_event_trigger", "g.oid"],
  facts: {
    owner: role("g.evtowner"),
    event: "g.evtevent",
    function: "g.evtfoid::regprocedure",
    tags: `SELECT string_agg(quote_literal(tag), ', ' ORDER BY tag COLLATE "C") FROM unnest(g.evttags) AS tag`,
    enabled: words("g.evtenabled", { O: "yes", D: "no", R: "on a replica", A: "always" }),
  },
  from: "FROM pg_event_trigger g",
});
