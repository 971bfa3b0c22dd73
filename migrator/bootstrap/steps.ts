import { escapeLiteral } from "pg";
import { quoteIdentifier } from "../connection/quote";
import type { BootstrapSpec, Principal } from "./spec";

/** One thing that has to be so. */
export interface BootstrapStep {
  /** In words: `role "api"`. */
  readonly about: string;
  /** SQL condition: whether it is so already. */
  readonly done: string;
  /** Statements that make it so, safe to repeat. */
  readonly sql: string;
  /** Whether the admin must act as the migrator's role for it. */
  readonly asMigrator?: boolean;
}

const tablePrivileges = ["SELECT", "INSERT", "UPDATE", "DELETE"] as const;
const sequencePrivileges = ["USAGE", "SELECT"] as const;

/** Roles; those of Entra principals only in the database `postgres`, where Azure keeps the functions for it. */
export function roleSteps({ migrator, app }: BootstrapSpec, kind: "plain" | "entra"): BootstrapStep[] {
  const principals = migrator.role === app.role ? [migrator] : [migrator, app];
  return principals
    .filter(({ objectId }) => (objectId === undefined) === (kind === "plain"))
    .map((principal) => (kind === "plain" ? plainRole(principal) : entraRole(principal)));
}

function plainRole({ role }: Principal): BootstrapStep {
  const [name, literal] = [quoteIdentifier(role), escapeLiteral(role)];
  return {
    about: `role ${name}, which may log in`,
    done: `EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal} AND rolcanlogin)`,
    sql: doBlock(`
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = ${literal}) THEN
    ALTER ROLE ${name} LOGIN;
  ELSE
    CREATE ROLE ${name} LOGIN;
  END IF;`),
  };
}

function entraRole({ role, objectId = "" }: Principal): BootstrapStep {
  const exists = `EXISTS (SELECT FROM pg_roles WHERE rolname = ${escapeLiteral(role)})`;
  const call = `pgaadauth_create_principal_with_oid(${escapeLiteral(role)}, ${escapeLiteral(objectId)}, 'service', false, false)`;
  return {
    about: `role ${quoteIdentifier(role)} of the Entra principal ${objectId}`,
    done: exists,
    sql: `SELECT ${call} WHERE NOT ${exists};`,
  };
}

/** Everything inside the app's database; the roles exist by then. */
export function databaseSteps(spec: BootstrapSpec): BootstrapStep[] {
  const { schema, ledgerSchema, migrator, app } = spec;
  const own = [
    databaseGrant(migrator.role, ["CONNECT", "CREATE", "TEMPORARY"]),
    ownedSchema(schema, spec),
    ownedSchema(ledgerSchema, spec),
    searchPath(migrator.role, schema),
  ];
  return migrator.role === app.role ? own : [...own, ...appSteps(spec)];
}

function appSteps({ schema, ledgerSchema, migrator, app }: BootstrapSpec): BootstrapStep[] {
  const [from, to] = [migrator.role, app.role];
  return [
    databaseGrant(to, ["CONNECT"]),
    searchPath(to, schema),
    schemaUsage(schema, to),
    presentObjects("TABLES", schema, to, tablePrivileges),
    presentObjects("SEQUENCES", schema, to, sequencePrivileges),
    futureObjects("TABLES", schema, from, to, tablePrivileges),
    futureObjects("SEQUENCES", schema, from, to, sequencePrivileges),
    schemaUsage(ledgerSchema, to),
    presentObjects("TABLES", ledgerSchema, to, ["SELECT"]),
    futureObjects("TABLES", ledgerSchema, from, to, ["SELECT"]),
  ];
}

function databaseGrant(role: string, privileges: readonly string[]): BootstrapStep {
  const literal = escapeLiteral(role);
  return {
    about: `${quoteIdentifier(role)} has ${privileges.join(", ")} on the database`,
    done: privileges.map((name) => `has_database_privilege(${literal}, current_database(), '${name}')`).join(" AND "),
    sql: executeFormatted(`GRANT ${privileges.join(", ")} ON DATABASE %I TO %I`, "current_database()", literal),
  };
}

function ownedSchema(schema: string, { migrator, app }: BootstrapSpec): BootstrapStep {
  const [name, role] = [quoteIdentifier(schema), quoteIdentifier(migrator.role)];
  const ownedBy = (owner: string) =>
    `EXISTS (SELECT FROM pg_namespace WHERE nspname = ${escapeLiteral(schema)} AND pg_get_userbyid(nspowner) = ${escapeLiteral(owner)})`;
  // The owner as long as app and migrator shared a role.
  const giving = actAs(app.role, { setting: "schemagate.giving", when: ownedBy(app.role) });
  const own = [`CREATE SCHEMA IF NOT EXISTS ${name} AUTHORIZATION ${role};`, `ALTER SCHEMA ${name} OWNER TO ${role};`];
  return {
    about: `schema ${name}, owned by ${role}`,
    done: ownedBy(migrator.role),
    sql: (migrator.role === app.role ? own : [giving.begin, ...own, giving.end]).join("\n"),
    asMigrator: true,
  };
}

function searchPath(role: string, schema: string): BootstrapStep {
  const literal = escapeLiteral(role);
  return {
    about: `${quoteIdentifier(role)} has the search path ${quoteIdentifier(schema)} in this database`,
    done: `EXISTS (SELECT FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
      WHERE d.datname = current_database() AND pg_get_userbyid(s.setrole) = ${literal}
        AND 'search_path=' || quote_ident(${escapeLiteral(schema)}) = ANY (s.setconfig))`,
    sql: executeFormatted(
      "ALTER ROLE %I IN DATABASE %I SET search_path = %I",
      literal,
      "current_database()",
      escapeLiteral(schema),
    ),
  };
}

function schemaUsage(schema: string, role: string): BootstrapStep {
  return {
    about: `${quoteIdentifier(role)} has USAGE on schema ${quoteIdentifier(schema)}`,
    done: `has_schema_privilege(${escapeLiteral(role)}, ${escapeLiteral(schema)}, 'USAGE')`,
    sql: `GRANT USAGE ON SCHEMA ${quoteIdentifier(schema)} TO ${quoteIdentifier(role)};`,
    asMigrator: true,
  };
}

type ObjectKind = "TABLES" | "SEQUENCES";

/** Kinds of pg_class that GRANT … ON ALL covers, the function that asks, and the kind of pg_default_acl. */
const catalogs = {
  TABLES: { kinds: "{r,p,v,m,f}", ask: "has_table_privilege", defaults: "r" },
  SEQUENCES: { kinds: "{S}", ask: "has_sequence_privilege", defaults: "S" },
} as const;

function presentObjects(
  objects: ObjectKind,
  schema: string,
  role: string,
  privileges: readonly string[],
): BootstrapStep {
  const { kinds, ask } = catalogs[objects];
  const granted = privileges.map((name) => `${ask}(${escapeLiteral(role)}, c.oid, '${name}')`).join(" AND ");
  return {
    about: `${quoteIdentifier(role)} has ${privileges.join(", ")} on all ${objects.toLowerCase()} in ${quoteIdentifier(schema)}`,
    // CASE: the function refuses objects of other kinds, and AND promises no order.
    done: `NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ${escapeLiteral(schema)}
        AND CASE WHEN c.relkind = ANY ('${kinds}') THEN NOT (${granted}) ELSE false END)`,
    sql: `GRANT ${privileges.join(", ")} ON ALL ${objects} IN SCHEMA ${quoteIdentifier(schema)} TO ${quoteIdentifier(role)};`,
    asMigrator: true,
  };
}

function futureObjects(
  objects: ObjectKind,
  schema: string,
  owner: string,
  role: string,
  privileges: readonly string[],
): BootstrapStep {
  const [from, to, name] = [owner, role, schema].map(quoteIdentifier);
  return {
    about: `${to} has ${privileges.join(", ")} on future ${objects.toLowerCase()} in ${name}`,
    done: `(SELECT count(DISTINCT a.privilege_type)
       FROM pg_default_acl d JOIN pg_namespace n ON n.oid = d.defaclnamespace, aclexplode(d.defaclacl) a
      WHERE n.nspname = ${escapeLiteral(schema)} AND d.defaclobjtype = '${catalogs[objects].defaults}'
        AND pg_get_userbyid(d.defaclrole) = ${escapeLiteral(owner)} AND pg_get_userbyid(a.grantee) = ${escapeLiteral(role)}
        AND a.privilege_type = ANY ('{${privileges.join(",")}}')) = ${privileges.length}`,
    sql: `ALTER DEFAULT PRIVILEGES FOR ROLE ${from} IN SCHEMA ${name} GRANT ${privileges.join(", ")} ON ${objects} TO ${to};`,
    asMigrator: true,
  };
}

/**
 * Lets an admin that is no superuser act as a role until the transaction's end, if it cannot already.
 *
 * @param setting remembers that it was let.
 * @param when SQL condition: only then.
 */
export function actAs(
  role: string,
  { setting = "schemagate.acting", when = "true" }: { readonly setting?: string; readonly when?: string } = {},
): { readonly begin: string; readonly end: string } {
  const [name, literal] = [quoteIdentifier(role), escapeLiteral(role)];
  return {
    begin: doBlock(`
  IF ${when} AND NOT pg_has_role(current_user, ${literal}, 'USAGE') THEN
    GRANT ${name} TO CURRENT_USER;
    PERFORM set_config('${setting}', 'on', true);
  END IF;`),
    end: doBlock(`
  IF current_setting('${setting}', true) = 'on' THEN
    REVOKE ${name} FROM CURRENT_USER;
    PERFORM set_config('${setting}', 'off', true);
  END IF;`),
  };
}

/** A statement whose names the server fills in: a script does not know the database it will run in. */
function executeFormatted(format: string, ...values: string[]): string {
  return doBlock(`
  EXECUTE format('${format}', ${values.join(", ")});`);
}

/** Names may hold anything, so the quotes around the block are ones that do not occur in it. */
export function doBlock(body: string, declarations = ""): string {
  let tag = "do";
  while ((declarations + body).includes(`$${tag}`)) {
    tag += "_";
  }
  return `DO $${tag}$ ${declarations === "" ? "" : `DECLARE ${declarations} `}BEGIN${body}\nEND $${tag}$;`;
}
