/**
 * The library: run migrations, and know whether a schema is current, from a program. It takes a client or its settings,
 * returns typed results, never exits and never logs.
 */
import { hostname } from "node:os";
import type { Client, ClientConfig } from "pg";
import { cancelBackend } from "./connection/cancel";
import { namesDatabase, toClientConfig } from "./connection/config";
import { withConnection } from "./connection/connect";
import { noDatabaseError } from "./connection/no-database";
import { exitCodes, type Problem, SchemagateError, usageError } from "./errors";
import type { RunEvent } from "./events/events";
import { type Actor, Ledger } from "./ledger/ledger";
import { compare, compareRepeatables, newestApplied, type Standing } from "./plan/compare";
import { isGateOpen, type Policy, planUp, type Target } from "./plan/plan";
import type { Limits } from "./run/limits";
import { migrateDown, migrateRedo, migrateUp, type RunResult } from "./run/runner";
import { databaseOptions, type Environment, readOptions, sourceOptions } from "./settings";
import { loadSource } from "./source/load";
import type { Source } from "./source/migration";
import { version } from "./version";

export { type ExitCode, exitCodes, type Problem, SchemagateError, type SchemagateErrorOptions } from "./errors";
export type { RunEvent } from "./events/events";
export type { Actor, LedgerRow } from "./ledger/ledger";
export type { LockHolder } from "./lock/holder";
export type { MigrationState, Standing } from "./plan/compare";
export type { Policy, Target } from "./plan/plan";
export type { Limits } from "./run/limits";
export type { RunResult } from "./run/runner";
export type { Environment } from "./settings";
export { loadSource } from "./source/load";
export type {
  Batches,
  BatchKey,
  Hooks,
  Migration,
  MigrationClient,
  MigrationContext,
  MigrationFunction,
  MigrationModule,
  ModuleMigration,
  Source,
  SqlMigration,
} from "./source/migration";
export type { DatabaseTarget } from "./target";

/**
 * Reads from the environment how to reach the database, as the migrator does: DATABASE_URL or PG*, DATABASE_AUTH.
 * Pass the result to pg's `Client` or `Pool`; with Entra the password is a function that fetches a token for each new
 * connection.
 *
 * @throws usage (exit 2) when nothing names a database, or a setting is wrong or asks for what pg does not do.
 */
export function connectionConfig(env: Environment): ClientConfig {
  const { databaseUrl, auth } = readOptions(databaseOptions, {}, env);
  if (!namesDatabase({ databaseUrl, env })) {
    throw noDatabaseError();
  }
  const { sessionAttrs = "any", ...config } = toClientConfig({ databaseUrl, auth, env });
  if (sessionAttrs !== "any") {
    throw usageError({
      code: "unsupported-parameter",
      message: `target_session_attrs asks for ${sessionAttrs}, which pg does not look at`,
      hint: "Leave it out for the app; the migrator's own connections look at it.",
    });
  }
  return config;
}

/** Directory of the migrations: SCHEMAGATE_DIR. @default "migrator/migrations" */
export function migrationsDir(env: Environment): string {
  return readOptions(sourceOptions, {}, env).dir;
}

/** Schema of the ledger: SCHEMAGATE_LEDGER_SCHEMA. @default "schemagate" */
export function ledgerSchema(env: Environment): string {
  return readOptions(databaseOptions, {}, env).ledgerSchema;
}

/** A connection to use, or how to open one. */
export type Database = Client | ClientConfig;

export interface StatusOptions {
  /** Directory of the migrations, or what `loadSource` made of it. */
  readonly source: string | Source;
  /** @default "schemagate" */
  readonly ledgerSchema?: string;
  /** @default pass a database that is ahead, refuse migrations out of order */
  readonly policy?: Policy;
}

export interface MigrateOptions extends StatusOptions {
  /** How far to go. @default everything for "up", one for "down" and "redo" */
  readonly target?: Target;
  /** @default "up" */
  readonly direction?: "up" | "down" | "redo";
  /** How long to wait for another run, in milliseconds. @default 600,000 */
  readonly lockWaitMs?: number;
  /** @default a lock timeout of 5 s, no statement timeout, 5 retries */
  readonly limits?: Partial<Limits>;
  /** Who runs, for the log of runs. @default this host */
  readonly actor?: Partial<Actor>;
  /** Told what happens. @default nobody */
  readonly onEvent?: (event: RunEvent) => void;
  /** Ends the run in good order: the statement is cancelled on the server and the migration rolled back. */
  readonly signal?: AbortSignal;
}

export interface Status {
  /** Whether the app may start: nothing pending, nothing wrong. */
  readonly open: boolean;
  /** Newest applied migration. */
  readonly current?: string;
  /** Every migration of source and ledger, in order; then the repeatable objects. */
  readonly migrations: readonly Standing[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

const defaultPolicy: Policy = { ahead: "pass", outOfOrder: "refuse" };
const defaultLimits: Limits = { lockTimeoutMs: 5_000, statementTimeoutMs: 0, retries: 5 };

/**
 * Applies pending migrations, or reverts, as the command line does.
 *
 * @throws SchemagateError with the exit code the command line would end with.
 */
export async function migrate(database: Database, options: MigrateOptions): Promise<RunResult> {
  const source = await toSource(options.source);
  const run = { up: migrateUp, down: migrateDown, redo: migrateRedo }[options.direction ?? "up"];
  return withClient(database, (client) =>
    run(client, source, {
      ledgerSchema: options.ledgerSchema ?? "schemagate",
      policy: options.policy ?? defaultPolicy,
      target: options.target,
      lockWaitMs: options.lockWaitMs ?? 600_000,
      limits: { ...defaultLimits, ...options.limits },
      actor: { replica: hostname(), toolVersion: version, ...options.actor },
      report: options.onEvent ?? (() => undefined),
      signal: interruptOf(options.signal),
      cancelBackend: (pid) => cancelBackend(configOf(client), pid),
    }),
  );
}

/** Compares source and ledger: one query, no lock, no write. */
export async function status(database: Database, options: StatusOptions): Promise<Status> {
  const source = await toSource(options.source);
  const policy = options.policy ?? defaultPolicy;
  const rows = await withClient(database, (client) => new Ledger(client, options.ledgerSchema ?? "schemagate").read());
  const { problems, warnings } = planUp(source, rows, policy);
  return {
    open: isGateOpen(source, rows, policy),
    current: newestApplied(rows),
    migrations: [...compare(source, rows), ...compareRepeatables(source, rows)],
    problems,
    warnings,
  };
}

/**
 * Whether the schema is where this image needs it: nothing pending and nothing wrong; a database that is ahead counts
 * as current. One query, no lock, no write: made for readiness probes.
 *
 * @param client a pg client or pool.
 * @param source the migrations the image carries; load them once, at start.
 */
export async function isCurrent(
  client: Pick<import("pg").Client, "query">,
  source: Source,
  options: { readonly ledgerSchema?: string } = {},
): Promise<boolean> {
  const rows = await new Ledger(client, options.ledgerSchema ?? "schemagate").read();
  return isGateOpen(source, rows, { ahead: "pass", outOfOrder: "refuse" });
}

async function toSource(source: string | Source): Promise<Source> {
  return typeof source === "string" ? loadSource(source) : source;
}

async function withClient<T>(database: Database, body: (client: Client) => Promise<T>): Promise<T> {
  if (isClient(database)) {
    return body(database);
  }
  const options = { timeoutMs: 0, signal: new AbortController().signal, onRetry: () => undefined };
  return withConnection(database, options, body);
}

/** By what it can do: a program may have a copy of pg of its own. */
function isClient(database: Database): database is Client {
  return typeof (database as Partial<Client>).query === "function";
}

/** What pg's client keeps of its configuration, for a second connection that cancels. */
function configOf({ host, port, user, password, database, ssl }: Client): ClientConfig {
  return { host, port, user, password: password ?? undefined, database, ssl };
}

/** The runner throws the signal's reason; a caller's may be anything. */
function interruptOf(signal: AbortSignal | undefined): AbortSignal {
  const controller = new AbortController();
  const abort = () =>
    controller.abort(
      new SchemagateError({
        code: "interrupted",
        message: "ended by the caller's signal",
        hint: "What was committed before stays. Run again to go on.",
        exitCode: exitCodes.terminated,
        cause: signal?.reason,
      }),
    );
  if (signal?.aborted) {
    abort();
  }
  signal?.addEventListener("abort", abort, { once: true });
  return controller.signal;
}
