import { dotted, isRead, reference, role, type Scope, selectObjects, sorted, words, yesNo } from "../sql";
import { options } from "./options";

/** Schemas, tables and foreign tables. */
export function tableQueries(scope: Scope): string[] {
  return [schemas(scope), tables(scope)];
}

function schemas(scope: Scope): string {
  return selectObjects({
    kind: "'schema'",
    identity: "quote_ident(n.nspname)",
    address: ["pg_namespace", "n.oid"],
    facts: { owner: role("n.nspowner") },
    from: `FROM pg_namespace n WHERE ${isRead(scope, "n.nspname")}`,
  });
}

const parents = `SELECT string_agg(${dotted("pn.nspname", "p.relname")}, ', ' ORDER BY i.inhseqno)
  FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
  WHERE i.inhrelid = c.oid`;

const replicaIdentity = `CASE c.relreplident WHEN 'd' THEN 'default' WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full'
  ELSE concat('index ', (SELECT quote_ident(ic.relname) FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
    WHERE i.indrelid = c.oid AND i.indisreplident)) END`;

function tables(scope: Scope): string {
  return selectObjects({
    kind: words("c.relkind", { r: "table", p: "table", f: "foreign table" }),
    identity: dotted("n.nspname", "c.relname"),
    address: ["pg_class", "c.oid"],
    facts: {
      owner: role("c.relowner"),
      persistence: words("c.relpersistence", { p: "logged", u: "unlogged" }),
      "access method": "SELECT amname FROM pg_am WHERE pg_am.oid = c.relam",
      tablespace: "SELECT quote_ident(spcname) FROM pg_tablespace s WHERE s.oid = c.reltablespace",
      options: sorted("c.reloptions"),
      "toast options": `SELECT ${sorted("toast.reloptions")} FROM pg_class toast WHERE toast.oid = c.reltoastrelid`,
      "replica identity": replicaIdentity,
      "row security": words("c.relrowsecurity", { true: "enabled", false: "disabled" }),
      "row security of the owner": words("c.relforcerowsecurity", { true: "forced", false: "not forced" }),
      inherits: `CASE WHEN NOT c.relispartition THEN (${parents}) END`,
      "partition of": `CASE WHEN c.relispartition THEN (${parents}) END`,
      "partition bound": "pg_get_expr(c.relpartbound, c.oid)",
      "partition detach pending": `CASE WHEN c.relispartition THEN
        ${yesNo("EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid AND i.inhdetachpending)")} END`,
      "partition by": "CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END",
      "of type": reference("c.reloftype", "regtype"),
      server: "SELECT quote_ident(s.srvname) FROM pg_foreign_server s WHERE s.oid = ft.ftserver",
      "foreign options": options("ft.ftoptions"),
    },
    from: `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_foreign_table ft ON ft.ftrelid = c.oid
      WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND ${isRead(scope, "n.nspname")}`,
  });
}
