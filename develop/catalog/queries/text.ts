import { dotted, isRead, reference, role, type Scope, selectObjects, versioned, words, yesNo } from "../sql";

/** Collations, conversions, text search. */
export function textQueries(scope: Scope): string[] {
  return [
    collations(scope),
    conversions(scope),
    configurations(scope),
    dictionaries(scope),
    parsers(scope),
    templates(scope),
  ];
}

function collations(scope: Scope): string {
  return selectObjects({
    kind: "'collation'",
    identity: dotted("n.nspname", "k.collname"),
    address: ["pg_collation", "k.oid"],
    facts: {
      owner: role("k.collowner"),
      provider: words("k.collprovider", { d: "default", c: "libc", i: "icu", b: "builtin" }),
      deterministic: yesNo("k.collisdeterministic"),
      collate: "k.collcollate",
      ctype: "k.collctype",
      // Called colliculocale in 15 and 16.
      locale: `coalesce(${versioned("k", "colllocale")}, ${versioned("k", "colliculocale")})`,
      rules: versioned("k", "collicurules"),
    },
    from: `FROM pg_collation k JOIN pg_namespace n ON n.oid = k.collnamespace
      WHERE k.collencoding IN (-1, pg_char_to_encoding(getdatabaseencoding())) AND ${isRead(scope, "n.nspname")}`,
  });
}

function conversions(scope: Scope): string {
  return selectObjects({
    kind: "'conversion'",
    identity: dotted("n.nspname", "k.conname"),
    address: ["pg_conversion", "k.oid"],
    facts: {
      owner: role("k.conowner"),
      from: "pg_encoding_to_char(k.conforencoding)",
      to: "pg_encoding_to_char(k.contoencoding)",
      function: reference("k.conproc::oid", "regprocedure"),
      default: yesNo("k.condefault"),
    },
    from: `FROM pg_conversion k JOIN pg_namespace n ON n.oid = k.connamespace WHERE ${isRead(scope, "n.nspname")}`,
  });
}

const mappings = `SELECT string_agg(concat(token, ': ', dictionaries), ', ' ORDER BY token COLLATE "C") FROM (
    SELECT (SELECT alias FROM ts_token_type(c.cfgparser) AS type WHERE type.tokid = m.maptokentype) AS token,
      string_agg(m.mapdict::regdictionary::text, ' ' ORDER BY m.mapseqno) AS dictionaries
    FROM pg_ts_config_map m WHERE m.mapcfg = c.oid GROUP BY m.maptokentype) AS map`;

function configurations(scope: Scope): string {
  return selectObjects({
    kind: "'text search configuration'",
    identity: dotted("n.nspname", "c.cfgname"),
    address: ["pg_ts_config", "c.oid"],
    facts: {
      owner: role("c.cfgowner"),
      parser: `SELECT ${dotted("pn.nspname", "p.prsname")} FROM pg_ts_parser p
        JOIN pg_namespace pn ON pn.oid = p.prsnamespace WHERE p.oid = c.cfgparser`,
      mappings,
    },
    from: `FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace WHERE ${isRead(scope, "n.nspname")}`,
  });
}

function dictionaries(scope: Scope): string {
  return selectObjects({
    kind: "'text search dictionary'",
    identity: dotted("n.nspname", "d.dictname"),
    address: ["pg_ts_dict", "d.oid"],
    facts: {
      owner: role("d.dictowner"),
      template: `SELECT ${dotted("tn.nspname", "t.tmplname")} FROM pg_ts_template t
        JOIN pg_namespace tn ON tn.oid = t.tmplnamespace WHERE t.oid = d.dicttemplate`,
      options: "d.dictinitoption",
    },
    from: `FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace WHERE ${isRead(scope, "n.nspname")}`,
  });
}

function parsers(scope: Scope): string {
  const procedure = (column: string) => reference(`p.${column}::oid`, "regprocedure");
  return selectObjects({
    kind: "'text search parser'",
    identity: dotted("n.nspname", "p.prsname"),
    address: ["pg_ts_parser", "p.oid"],
    facts: {
      start: procedure("prsstart"),
      "get token": procedure("prstoken"),
      end: procedure("prsend"),
      headline: procedure("prsheadline"),
      "token types": procedure("prslextype"),
    },
    from: `FROM pg_ts_parser p JOIN pg_namespace n ON n.oid = p.prsnamespace WHERE ${isRead(scope, "n.nspname")}`,
  });
}

function templates(scope: Scope): string {
  return selectObjects({
    kind: "'text search template'",
    identity: dotted("n.nspname", "t.tmplname"),
    address: ["pg_ts_template", "t.oid"],
    facts: {
      initialize: reference("t.tmplinit::oid", "regprocedure"),
      lexize: reference("t.tmpllexize::oid", "regprocedure"),
    },
    from: `FROM pg_ts_template t JOIN pg_namespace n ON n.oid = t.tmplnamespace WHERE ${isRead(scope, "n.nspname")}`,
  });
}
