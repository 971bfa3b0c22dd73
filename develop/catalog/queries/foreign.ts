import { reference, role, type Scope, selectObjects } from "../sql";
import { optionNames, options } from "./options";

/** Foreign-data wrappers, servers, user mappings. */
export function foreignQueries(_scope: Scope): string[] {
  return [wrappers, servers, userMappings];
}

const wrappers = selectObjects({
  kind: "'foreign-data wrapper'",
  identity: "quote_ident(w.fdwname)",
  address: ["pg_foreign_data_wrapper", "w.oid"],
  facts: {
    owner: role("w.fdwowner"),
    handler: reference("w.fdwhandler", "regprocedure"),
    validator: reference("w.fdwvalidator", "regprocedure"),
    options: options("w.fdwoptions"),
  },
  from: "FROM pg_foreign_data_wrapper w",
});

const servers = selectObjects({
  kind: "'server'",
  identity: "quote_ident(s.srvname)",
  address: ["pg_foreign_server", "s.oid"],
  facts: {
    owner: role("s.srvowner"),
    wrapper: "quote_ident(w.fdwname)",
    type: "s.srvtype",
    version: "s.srvversion",
    options: options("s.srvoptions"),
  },
  from: "FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw",
});

// Not pg_user_mapping, which only superusers may read. Their options are credentials: names only.
const userMappings = selectObjects({
  kind: "'user mapping'",
  identity: `concat('for ', CASE WHEN m.umuser = 0 THEN 'PUBLIC' ELSE quote_ident(m.usename) END,
    ' server ', quote_ident(m.srvname))`,
  address: ["pg_user_mapping", "m.umid"],
  of: ["pg_foreign_server", "m.srvid"],
  facts: { options: optionNames("m.umoptions") },
  from: "FROM pg_user_mappings m",
});
