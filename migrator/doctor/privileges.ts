import type { Client } from "pg";
import { quoteIdentifier } from "../connection/quote";
import { isLocal } from "../connection/tls";
import { type Check, checksOf } from "./check";

const { ok, warning, problem } = checksOf("privileges");

const bootstrapHint = "`schemagate bootstrap` prepares schemas, roles and grants; an admin runs it once.";

export interface PrivilegeFacts {
  readonly role: string;
  readonly superuser: boolean;
  readonly createInDatabase: boolean;
  /** Absent when no schema of the search path exists for this role. */
  readonly schema?: string;
  readonly searchPath: string;
  readonly createInSchema: boolean;
  readonly ledgerSchema: string;
  readonly ledgerSchemaExists: boolean;
  readonly createInLedgerSchema: boolean;
  readonly ledgerExists: boolean;
  /** `INSERT on runs`. */
  readonly missingOnLedger: readonly string[];
  /** The ledger's tables on which row level security holds for this role. */
  readonly rowSecurityOnLedger: readonly string[];
  /** Tables and the like in the current schema that are neither this role's nor of a role it is a member of. */
  readonly foreign: readonly { readonly name: string; readonly owner: string }[];
}

/** What the migrator does with its own tables. */
const ledgerPrivileges = {
  format: ["SELECT", "INSERT"],
  migrations: ["SELECT", "INSERT", "UPDATE", "DELETE"],
  runs: ["SELECT", "INSERT"],
} as const;

/** Reads what the role may do. */
export async function readPrivileges(client: Client, ledgerSchema: string): Promise<PrivilegeFacts> {
  const { rows } = await client.query(
    `SELECT current_user AS role, rolsuper AS superuser, current_schema() AS schema,
            has_database_privilege(current_database(), 'CREATE') AS "createInDatabase",
            current_setting('search_path') AS "searchPath",
            coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS "createInSchema",
            to_regnamespace($1) IS NOT NULL AS "ledgerSchemaExists",
            coalesce(has_schema_privilege(to_regnamespace($1)::oid, 'USAGE'), false)
              AND coalesce(has_schema_privilege(to_regnamespace($1)::oid, 'CREATE'), false) AS "createInLedgerSchema"
       FROM pg_roles WHERE rolname = current_user`,
    [quoteIdentifier(ledgerSchema)],
  );
  const facts = rows[0];
  return {
    ...{ ...facts, schema: facts.schema ?? undefined, ledgerSchema },
    ...(await readLedgerPrivileges(client, ledgerSchema)),
    foreign: await readForeign(client),
  };
}

async function readLedgerPrivileges(client: Client, ledgerSchema: string) {
  // By oid: a role without USAGE on the schema may not even name the tables in it.
  const { rows } = await client.query(
    `SELECT c.relname AS table, p.name AS privilege,
            has_table_privilege(c.oid, p.name) AND has_schema_privilege(n.oid, 'USAGE') AS granted,
            row_security_active(c.oid) AS "rowSecurity"
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
            unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p(name)
      WHERE n.nspname = $1 AND c.relname = ANY($2) ORDER BY 1, 2`,
    [ledgerSchema, Object.keys(ledgerPrivileges)],
  );
  const needed = rows.filter(({ table, privilege }) =>
    (ledgerPrivileges[table as keyof typeof ledgerPrivileges] as readonly string[]).includes(privilege),
  );
  return {
    ledgerExists: rows.length > 0,
    rowSecurityOnLedger: [...new Set<string>(rows.filter(({ rowSecurity }) => rowSecurity).map(({ table }) => table))],
    missingOnLedger: needed.filter(({ granted }) => !granted).map(({ table, privilege }) => `${privilege} on ${table}`),
  };
}

async function readForeign(client: Client): Promise<{ name: string; owner: string }[]> {
  const { rows } = await client.query(
    `SELECT c.relname AS name, pg_get_userbyid(c.relowner) AS owner
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = current_schema() AND c.relkind = ANY('{r,p,v,m,f,S}')
        AND NOT pg_has_role(c.relowner, 'USAGE') ORDER BY 1`,
  );
  return rows;
}

/** Judges whether the role can migrate. */
export function judgePrivileges(facts: PrivilegeFacts, host: string): Check[] {
  return [
    ...[judgeRole(facts, host), judgeSchema(facts), judgeLedger(facts)],
    ...judgeRowSecurity(facts),
    ...judgeForeign(facts),
  ];
}

function judgeRole({ role, superuser }: PrivilegeFacts, host: string): Check {
  if (superuser && !isLocal(host)) {
    return warning("superuser", `"${role}" is a superuser, which migrating does not need`, bootstrapHint);
  }
  return ok("role", `"${role}" is ${superuser ? "a" : "no"} superuser; none is needed`);
}

function judgeSchema({ role, schema, searchPath, createInSchema }: PrivilegeFacts): Check {
  if (schema === undefined) {
    return problem({
      code: "no-schema",
      message: `the search path (${searchPath}) names no schema that exists and "${role}" may use: CREATE TABLE has no place`,
      hint: bootstrapHint,
    });
  }
  return createInSchema
    ? ok("schema", `may create in "${schema}", the first schema of the search path`)
    : problem({
        code: "schema-privilege",
        message: `"${role}" may not create in "${schema}", the first schema of its search path`,
        hint: bootstrapHint,
      });
}

function judgeLedger(facts: PrivilegeFacts): Check {
  const { role, ledgerSchema, missingOnLedger } = facts;
  if (facts.ledgerExists) {
    return missingOnLedger.length === 0
      ? ok("ledger-privilege", `may read and write the ledger in "${ledgerSchema}"`)
      : problem({
          code: "ledger-privilege",
          message: `"${role}" lacks ${missingOnLedger.join(", ")} in the ledger's schema "${ledgerSchema}"`,
          hint: "Migrate as the role that owns it. An app role needs no more than SELECT, for readiness.",
        });
  }
  const allowed = facts.ledgerSchemaExists ? facts.createInLedgerSchema : facts.createInDatabase;
  const where = facts.ledgerSchemaExists ? `schema "${ledgerSchema}"` : "the database";
  return allowed
    ? ok("ledger-privilege", `may make the ledger in "${ledgerSchema}"`)
    : problem({
        code: "ledger-privilege",
        message: `there is no ledger yet, and "${role}" may not make it: no CREATE on ${where}`,
        hint: bootstrapHint,
      });
}

/** That rows are hidden is found when the ledger is read; that they cannot be written, only in a run. */
function judgeRowSecurity({ role, ledgerSchema, rowSecurityOnLedger }: PrivilegeFacts): Check[] {
  return rowSecurityOnLedger.length === 0
    ? []
    : [
        warning(
          "ledger-row-security",
          `row level security holds for "${role}" on ${rowSecurityOnLedger.join(", ")} of the ledger in "${ledgerSchema}"`,
          "ALTER TABLE … DISABLE ROW LEVEL SECURITY, or migrate as the tables' owner or a role with BYPASSRLS.",
        ),
      ];
}

/** Names shown at most; a schema of another owner may hold hundreds. */
const shownNames = 5;

function judgeForeign({ role, schema, foreign }: PrivilegeFacts): Check[] {
  if (foreign.length === 0) {
    return [];
  }
  const names = foreign.slice(0, shownNames).map(({ name, owner }) => `${name} of "${owner}"`);
  const more = foreign.length > shownNames ? ` and ${foreign.length - shownNames} more` : "";
  return [
    warning(
      "foreign-owner",
      `"${role}" does not own everything in "${schema}" (${names.join(", ")}${more}): it may not alter or drop those`,
      `As their owner: ALTER TABLE … OWNER TO ${quoteIdentifier(role)}.`,
    ),
  ];
}
