import type { EventEmitter } from "node:events";
import type { Client, DatabaseError } from "pg";
import { isConnectionLost } from "./connection/connect";
import { exitCodes, SchemagateError } from "./errors";
import type { Report } from "./events";
import type { Actor, Ledger } from "./ledger";
import { type PreparedStep, prefixChecksum } from "./prepare";
import type { SqlSection } from "./source/migration";
import { splitStatements } from "./source/statements";
import { describeSqlError } from "./sql-error";

/** What a step runs in. */
export interface StepContext {
  readonly client: Client;
  readonly ledger: Ledger;
  readonly actor: Actor;
  readonly report: Report;
  readonly signal: AbortSignal;
  /** Runs a body of statements so that an interrupt cancels them on the server. */
  readonly cancellable: <T>(body: () => Promise<T>) => Promise<T>;
}

/** Where a migration stands while it runs. */
interface Position {
  /** Statements finished. */
  done: number;
  /** Where the current statement begins in its section, when that is known. */
  offset?: number;
}

/**
 * Runs one step and records it. With a transaction, the migration and its ledger row are committed together or not at
 * all; without one, the ledger keeps how far it came.
 *
 * @throws migration failed (exit 6), partial (exit 8), connection lost (exit 7), or the interrupt.
 */
export async function runStep(prepared: PreparedStep, context: StepContext): Promise<void> {
  const { migration, direction, resume } = prepared.step;
  const { report, signal } = context;
  signal.throwIfAborted();
  report({ event: "migrating", direction, migration: migration.name, resumeAt: resume && resume.done + 1 });
  const start = performance.now();
  const durationMs = () => Math.round(performance.now() - start);
  const position: Position = { done: resume?.done ?? 0 };
  try {
    await (runsInTransaction(prepared)
      ? inTransaction(prepared, context, position, durationMs)
      : outside(prepared, context, position, durationMs));
  } catch (cause) {
    const error = signal.aborted ? signal.reason : stepError(prepared, cause, position);
    await recordFailure(prepared, context, error, durationMs());
    throw error;
  }
  report({ event: "migrated", direction, migration: migration.name, durationMs: durationMs() });
}

function runsInTransaction(prepared: PreparedStep): boolean {
  return prepared.kind === "sql" || (prepared.kind === "module" && prepared.transaction);
}

async function inTransaction(
  prepared: PreparedStep,
  context: StepContext,
  position: Position,
  durationMs: () => number,
): Promise<void> {
  const { client, cancellable, signal } = context;
  await client.query("BEGIN");
  try {
    await cancellable(() => runBody(prepared, context, position));
    signal.throwIfAborted();
    await recordSuccess(prepared, context, durationMs());
    const { command } = await client.query("COMMIT");
    // The server answers COMMIT with ROLLBACK when a migration swallowed an error: nothing was applied.
    if (command !== "COMMIT") {
      throw new Error("an error inside it was caught and ignored, so PostgreSQL rolled the transaction back");
    }
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

async function runBody(prepared: PreparedStep, { client, report }: StepContext, position: Position): Promise<void> {
  if (prepared.kind === "sql") {
    await runSection(prepared, client, position);
  } else if (prepared.kind === "module") {
    const { name } = prepared.step.migration;
    await prepared.run({
      client,
      log: (message) => report({ event: "log", migration: name, message: String(message) }),
    });
  }
}

/** Runs a section as one message, which costs one round trip however many statements it holds. */
async function runSection(
  { step, section }: Extract<PreparedStep, { kind: "sql" }>,
  client: Client,
  position: Position,
): Promise<void> {
  const { connection } = client as unknown as { connection: EventEmitter };
  const count = () => {
    position.done += 1;
  };
  connection.on("commandComplete", count);
  try {
    await client.query(section.sql);
  } catch (error) {
    // The server names a position for most errors, not for all: then the statement must be found by counting.
    if ((error as DatabaseError).position === undefined && step.migration.kind === "sql") {
      const statements = await splitStatements(step.migration, section).catch(() => []);
      position.offset = statements[position.done]?.offset;
    }
    throw error;
  } finally {
    connection.off("commandComplete", count);
  }
}

async function outside(
  prepared: PreparedStep,
  context: StepContext,
  position: Position,
  durationMs: () => number,
): Promise<void> {
  const { client, ledger, cancellable, signal } = context;
  const { migration, direction } = prepared.step;
  const statements = prepared.kind === "statements" ? prepared.statements : [];
  const total = prepared.kind === "statements" ? statements.length : 1;
  const record = () =>
    ledger.recordProgress(migration.name, migration.checksum, {
      direction,
      done: position.done,
      total,
      prefix: prefixChecksum(statements, position.done),
    });
  await record();
  if (prepared.kind === "statements") {
    for (const statement of statements.slice(prepared.from)) {
      signal.throwIfAborted();
      position.offset = statement.offset;
      await cancellable(() => client.query(statement.sql));
      position.done += 1;
      await record();
    }
  } else {
    await cancellable(() => runBody(prepared, context, position));
    position.done = 1;
  }
  await client.query("BEGIN");
  await recordSuccess(prepared, context, durationMs());
  await client.query("COMMIT");
}

async function recordSuccess(
  { step }: PreparedStep,
  { ledger, actor }: StepContext,
  durationMs: number,
): Promise<void> {
  const { name, checksum } = step.migration;
  if (step.direction === "up") {
    await ledger.recordApplied(name, checksum);
  } else {
    await ledger.recordReverted(name);
  }
  const outcome = step.direction === "up" ? "applied" : "reverted";
  await ledger.appendRun({ action: step.direction, name, checksum, outcome, durationMs }, actor);
}

async function recordFailure(
  { step }: PreparedStep,
  { client, ledger, actor }: StepContext,
  error: SchemagateError,
  durationMs: number,
): Promise<void> {
  const { name, checksum } = step.migration;
  try {
    await client.query("ROLLBACK");
    await ledger.appendRun(
      { action: step.direction, name, checksum, outcome: "failed", durationMs, error: error.message },
      actor,
    );
  } catch {
    // The record is for people who look later; what stops it is what stopped the migration, which is reported.
  }
}

function stepError(prepared: PreparedStep, cause: unknown, position: Position): SchemagateError {
  const { migration, direction } = prepared.step;
  if (cause instanceof SchemagateError) {
    return cause;
  }
  const section: SqlSection | undefined = prepared.kind === "module" ? undefined : prepared.section;
  const { message, ...details } = describeSqlError(cause, migration, section, position.offset);
  const what = `migration ${migration.name}${direction === "down" ? " (down)" : ""}`;
  const common = { cause, details: { migration: migration.name, direction, ...details } };
  if (isConnectionLost(cause)) {
    return new SchemagateError({
      ...common,
      code: "connection-lost",
      message: `the connection was lost during ${what}: ${message}`,
      hint: "Run it again: the ledger says what was committed, and a run looks there first.",
      exitCode: exitCodes.connection,
    });
  }
  if (runsInTransaction(prepared)) {
    return new SchemagateError({
      ...common,
      code: "migration-failed",
      message: `${what} failed and was rolled back: ${message}`,
      hint: "Mend the migration and run again; nothing of it is in the database.",
      exitCode: exitCodes.migrationFailed,
    });
  }
  return partialError(prepared, `${what}`, message, position, common);
}

function partialError(
  prepared: PreparedStep,
  what: string,
  message: string,
  position: Position,
  common: { readonly cause: unknown; readonly details: Readonly<Record<string, unknown>> },
): SchemagateError {
  const total = prepared.kind === "statements" ? prepared.statements.length : 1;
  return new SchemagateError({
    ...common,
    code: "partial",
    message: `${what} has no transaction and stopped at statement ${position.done + 1} of ${total}: ${message}`,
    hint:
      `What ran before it stays applied. Mend that statement, leave the ${position.done} before it unchanged, and run ` +
      "again: it goes on from there. A failed CREATE INDEX CONCURRENTLY leaves an invalid index: drop it first.",
    exitCode: exitCodes.partial,
  });
}
