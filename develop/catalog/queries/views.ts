import { dotted, isRead, ofRelations, role, type Scope, selectObjects, sorted, words } from "../sql";

/** Views, materialized views, rules, triggers, policies. */
export function viewQueries(scope: Scope): string[] {
  return [views(scope), rules(scope), triggers(scope), policies(scope)];
}

const columnSettings = `SELECT string_agg(concat(quote_ident(a.attname),
    ' statistics ' || NULLIF(a.attstattarget, -1),
    CASE WHEN a.attstorage <> t.typstorage THEN ' storage ' || a.attstorage::text END,
    ' compression ' || NULLIF(a.attcompression::text, ''), ' options ' || ${sorted("a.attoptions")}), '; ' ORDER BY a.attname)
  FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = c.oid AND a.attnum > 0
    AND (a.attstattarget >= 0 OR a.attstorage <> t.typstorage OR a.attcompression <> '' OR a.attoptions IS NOT NULL)`;

function views(scope: Scope): string {
  return selectObjects({
    kind: words("c.relkind", { v: "view", m: "materialized view" }),
    identity: dotted("n.nspname", "c.relname"),
    address: ["pg_class", "c.oid"],
    facts: {
      owner: role("c.relowner"),
      definition: "pg_get_viewdef(c.oid)",
      options: sorted("c.reloptions"),
      "access method": "SELECT amname FROM pg_am WHERE pg_am.oid = c.relam",
      tablespace: "SELECT quote_ident(spcname) FROM pg_tablespace s WHERE s.oid = c.reltablespace",
      "column settings": columnSettings,
    },
    from: `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't' AND ${isRead(scope, "n.nspname")}`,
  });
}

const enabled = { O: "yes", D: "no", R: "on a replica", A: "always" };

function rules(scope: Scope): string {
  return selectObjects({
    kind: "'rule'",
    identity: dotted("n.nspname", "c.relname", "r.rulename"),
    address: ["pg_rewrite", "r.oid"],
    of: ["pg_class", "c.oid"],
    facts: { definition: "pg_get_ruledef(r.oid)", enabled: words("r.ev_enabled", enabled) },
    // A view's own rule is its definition.
    from: `${ofRelations(scope, "pg_rewrite r", "r.ev_class")}
      WHERE NOT (r.rulename = '_RETURN' AND c.relkind IN ('v', 'm'))`,
  });
}

function triggers(scope: Scope): string {
  return selectObjects({
    kind: "'trigger'",
    identity: dotted("n.nspname", "c.relname", "g.tgname"),
    address: ["pg_trigger", "g.oid"],
    of: ["pg_class", "c.oid"],
    facts: { definition: "pg_get_triggerdef(g.oid)", enabled: words("g.tgenabled", enabled) },
    // A partition's clone of its parent's trigger says something only where it is switched otherwise than that.
    from: `${ofRelations(scope, "pg_trigger g", "g.tgrelid")} LEFT JOIN pg_trigger p ON p.oid = g.tgparentid
      WHERE (g.tgparentid = 0 AND NOT g.tgisinternal)
        OR (g.tgparentid <> 0 AND NOT p.tgisinternal AND g.tgenabled <> p.tgenabled)`,
  });
}

function policies(scope: Scope): string {
  return selectObjects({
    kind: "'policy'",
    identity: dotted("n.nspname", "c.relname", "p.polname"),
    address: ["pg_policy", "p.oid"],
    of: ["pg_class", "c.oid"],
    facts: {
      command: words("p.polcmd", { "*": "all", r: "select", a: "insert", w: "update", d: "delete" }),
      permissive: words("p.polpermissive", { true: "yes", false: "no, restrictive" }),
      roles: `SELECT string_agg(CASE WHEN r = 0 THEN 'PUBLIC' ELSE quote_ident(${role("r")}) END, ', '
        ORDER BY r <> 0, ${role("r")}) FROM unnest(p.polroles) AS r`,
      using: "pg_get_expr(p.polqual, p.polrelid)",
      "with check": "pg_get_expr(p.polwithcheck, p.polrelid)",
    },
    from: ofRelations(scope, "pg_policy p", "p.polrelid"),
  });
}
