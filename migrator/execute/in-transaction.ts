import type { EventEmitter } from "node:events";
import type { DatabaseError } from "pg";
import { exitCodes, SchemagateError } from "../errors";
import type { FunctionStep, SectionStep } from "../prepare";
import { splitStatements } from "../source/statements";
import { limitStatements, type Position, recordSuccess, type StepContext } from "./context";

/** Runs a step and records it in one transaction: all of it is committed, or nothing. */
export async function runInTransaction(
  prepared: SectionStep | FunctionStep,
  context: StepContext,
  position: Position,
): Promise<void> {
  const { client, cancellable, signal } = context;
  await client.query(`BEGIN; ${limitStatements(prepared, context, "LOCAL")}`);
  const transaction = await currentTransaction(client);
  try {
    await cancellable(() =>
      prepared.kind === "section" ? runSection(prepared, context, position) : runFunction(prepared, context),
    );
    signal.throwIfAborted();
    if ((await currentTransaction(client)) !== transaction) {
      throw endedTransaction(prepared.step.migration.name);
    }
    await recordSuccess(prepared, context, position);
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

/** Number of the transaction under way; asking for it begins to write, which a migration does anyway. */
async function currentTransaction(client: StepContext["client"]): Promise<string> {
  const { rows } = await client.query("SELECT pg_current_xact_id()::text AS id");
  return rows[0].id;
}

/** What the statements of an SQL migration are searched for beforehand, code may still do. */
function endedTransaction(name: string): SchemagateError {
  return new SchemagateError({
    code: "transaction-ended",
    message: `migration ${name} ended its own transaction with COMMIT or ROLLBACK: what it committed is in the database, and the ledger does not know it`,
    hint: "Undo by hand what it committed. Then take COMMIT and ROLLBACK out of it, or declare that it runs without a transaction.",
    exitCode: exitCodes.partial,
  });
}

/** Runs the function of a module. */
export async function runFunction({ step, run }: FunctionStep, { client, report }: StepContext): Promise<void> {
  const { name } = step.migration;
  await run({ client, log: (message) => report({ event: "log", migration: name, message: String(message) }) });
}

/** Runs a section as one message, which costs one round trip however many statements it holds. */
async function runSection({ step, section }: SectionStep, { client }: StepContext, position: Position): Promise<void> {
  const { connection } = client as unknown as { connection: EventEmitter };
  let finished = 0;
  const count = () => {
    finished += 1;
  };
  connection.on("commandComplete", count);
  try {
    await client.query(section.sql);
  } catch (error) {
    // The server names a position for most errors, not for all: then the statement must be found by counting.
    if ((error as DatabaseError).position === undefined && step.migration.kind === "sql") {
      const statements = await splitStatements(step.migration, section).catch(() => []);
      position.offset = statements[finished]?.offset;
    }
    throw error;
  } finally {
    connection.off("commandComplete", count);
  }
}
