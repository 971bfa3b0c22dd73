import { type Client, type DatabaseError, escapeLiteral } from "pg";
import { isConnectionLost } from "../connection/connect";
import { literals } from "../connection/quote";
import { exitCodes, SchemagateError, usageError } from "../errors";
import { lockKey } from "../lock/lock";
import { isOfExtension } from "./other-apps";
import type { BootstrapSpec } from "./spec";
import { actAs, type BootstrapStep } from "./steps";

/** Longest wait for another session, so that a bootstrap never queues in front of traffic for long. */
const lockTimeoutMs = 10_000;

/**
 * Runs `body` in one transaction, while no other bootstrap of this database is at it.
 *
 * @throws what `body` throws, rolled back.
 */
export async function inTransactionAlone<T>(client: Client, body: () => Promise<T>): Promise<T> {
  await client.query("BEGIN");
  try {
    await lockOutOthers(client);
    const result = await body();
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/**
 * Makes so, within a transaction, what is not so already.
 *
 * @returns what was changed, in words.
 * @throws usage (exit 2) when the admin lacks a right; failed (exit 6).
 */
export async function applySteps(
  client: Client,
  steps: readonly BootstrapStep[],
  migratorRole: string,
  signal: AbortSignal,
): Promise<string[]> {
  const acting = actAs(migratorRole);
  const changed: string[] = [];
  let isActing = false;
  for (const step of steps) {
    signal.throwIfAborted();
    if (await isDone(client, step)) {
      continue;
    }
    if (step.asMigrator && !isActing) {
      await run(client, `acting as "${migratorRole}"`, acting.begin);
      isActing = true;
    }
    await run(client, step.about, step.sql);
    await assertDone(client, step);
    changed.push(step.about);
  }
  if (isActing) {
    await client.query(acting.end);
  }
  return changed;
}

/** Two bootstraps at once would fail on each other's catalog rows. */
async function lockOutOthers(client: Client): Promise<void> {
  await client.query(`SET LOCAL lock_timeout = ${lockTimeoutMs}`);
  const { rows } = await client.query("SELECT current_database() AS database");
  const key = lockKey(rows[0].database, "bootstrap of roles");
  await run(client, "waiting for another bootstrap", `SELECT pg_advisory_xact_lock(${key})`);
}

async function isDone(client: Client, { about, done }: BootstrapStep): Promise<boolean> {
  const { rows } = await run(client, about, `SELECT ${done} AS done`);
  return rows[0].done;
}

/** GRANT without the right to grant is only a warning of the server. */
async function assertDone(client: Client, step: BootstrapStep): Promise<void> {
  if (step.done !== "false" && !(await isDone(client, step))) {
    throw denied(step.about, "the server ignored it");
  }
}

async function run(client: Client, about: string, sql: string) {
  try {
    return await client.query(sql);
  } catch (error) {
    throw isConnectionLost(error) ? error : explain(about, error as DatabaseError);
  }
}

function explain(about: string, cause: DatabaseError): SchemagateError {
  if (cause.code === "42501") {
    return denied(about, cause.message, cause);
  }
  if (cause.code === "42883" && cause.message.includes("pgaadauth")) {
    return usageError({
      code: "no-entra",
      message: `cannot make ${about}: ${cause.message}`,
      hint: "Object ids are for Azure Database for PostgreSQL with Microsoft Entra authentication; leave them out for plain roles.",
    });
  }
  return new SchemagateError({
    code: "bootstrap-failed",
    message: `cannot make ${about}: ${cause.message}`,
    hint: "Everything in this database was rolled back.",
    exitCode: exitCodes.migrationFailed,
    details: { sqlState: cause.code, detail: cause.detail, hint: cause.hint },
    cause,
  });
}

function denied(about: string, why: string, cause?: unknown): SchemagateError {
  return new SchemagateError({
    code: "bootstrap-denied",
    message: `cannot make ${about}: ${why}`,
    hint:
      "Run `bootstrap` as an admin that owns the database, has CREATEROLE, and made the roles or has ADMIN OPTION on them " +
      "(on Azure: the Entra administrator); tables that are there already must belong to the migrator's role. " +
      "Nothing was changed in this database.",
    exitCode: exitCodes.usage,
    cause,
  });
}

/**
 * Refuses roles that are mapped to another Entra principal already: an identity that was deleted and made anew has a new
 * object id, and its old role lets nobody in.
 */
export async function refuseOtherPrincipals(client: Client, { migrator, app }: BootstrapSpec): Promise<void> {
  const { rows } = await client.query(
    `SELECT r.rolname AS role, l.label FROM pg_shseclabel l JOIN pg_roles r ON r.oid = l.objoid
      WHERE l.provider = 'pgaadauth' AND l.classoid = 'pg_authid'::regclass`,
  );
  for (const { role, objectId } of [migrator, app]) {
    const label = rows.find((row) => row.role === role)?.label;
    const mapped = mappedObjectId(label);
    if (objectId !== undefined && mapped !== undefined && mapped !== objectId) {
      throw usageError({
        code: "other-principal",
        message: `role "${role}" belongs to the Entra principal ${mapped}, not to ${objectId}`,
        hint: `If the identity was made anew: SECURITY LABEL FOR "pgaadauth" ON ROLE … IS 'aadauth,oid=${objectId},type=service'.`,
      });
    }
  }
}

/** Azure's label: `aadauth,oid=<object id>,type=service`. */
export function mappedObjectId(label: string | undefined): string | undefined {
  return /\boid=([0-9a-f-]+)/i.exec(label ?? "")?.[1]?.toLowerCase();
}

/** What is as asked, and yet may surprise. */
export async function readNotes(client: Client, spec: BootstrapSpec): Promise<string[]> {
  const { schema, migrator, app } = spec;
  const elsewhere = await readElsewhere(client, spec);
  const [name, owner, user] = [schema, migrator.role, app.role].map((value) => escapeLiteral(value));
  const { rows } = await client.query(
    `SELECT (SELECT count(*)::integer FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = ${name} AND c.relkind = ANY ('{r,p,v,m,f,S}')
                AND pg_get_userbyid(c.relowner) <> ${owner}) AS foreign,
            has_schema_privilege(${user}, ${name}, 'CREATE') AS "appCreates",
            coalesce((SELECT has_schema_privilege('public', oid, 'CREATE') FROM pg_namespace WHERE nspname = 'public'), false)
              AS "everyoneCreates"`,
  );
  const { foreign, appCreates, everyoneCreates } = rows[0];
  return [
    ...(foreign > 0 ? [foreignNote(foreign, spec)] : []),
    ...(appCreates && app.role !== migrator.role
      ? [`"${app.role}" may create in schema "${schema}": it has more rights than bootstrap gave it`]
      : []),
    ...elsewhere,
    ...(everyoneCreates
      ? ["every role may create in schema public, as before PostgreSQL 15: REVOKE CREATE ON SCHEMA public FROM PUBLIC"]
      : []),
  ];
}

/** Tables of another app that the roles of this one may write: by no grant of a bootstrap. */
async function readElsewhere(
  client: Client,
  { schema, ledgerSchema, migrator, app }: BootstrapSpec,
): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT r.rolname AS role, array_agg(n.nspname || '.' || c.relname ORDER BY n.nspname, c.relname) AS tables
       FROM pg_roles r, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE r.rolname IN (${literals(migrator.role, app.role)}) AND n.nspname NOT IN (${literals(schema, ledgerSchema)})
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind = ANY ('{r,p,v,m,f}')
        AND NOT r.rolsuper AND c.relowner <> r.oid AND NOT ${isOfExtension("c.oid")}
        AND has_schema_privilege(r.oid, n.oid, 'USAGE') AND has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE')
      GROUP BY r.rolname ORDER BY r.rolname`,
  );
  return rows.map(({ role, tables }: { role: string; tables: string[] }) => {
    const more = tables.length > shownTables ? ` and ${tables.length - shownTables} more` : "";
    return (
      `"${role}" may write tables of other schemas (${tables.slice(0, shownTables).join(", ")}${more}): through PUBLIC, or a ` +
      "grant that bootstrap did not make"
    );
  });
}

/** Tables named at most; another app may have hundreds. */
const shownTables = 5;

function foreignNote(number: number, { schema, migrator }: BootstrapSpec): string {
  return number === 1
    ? `1 object in schema "${schema}" belongs to another role than "${migrator.role}", which cannot alter it`
    : `${number} objects in schema "${schema}" belong to other roles than "${migrator.role}", which cannot alter them`;
}
