import { exitCodes, SchemagateError } from "../errors";
import type { PreparedStep } from "../prepare";
import { limitStatements, type StepContext } from "./context";

/** SQLSTATE of whatever is asked in a transaction in which something failed. */
const abortedState = "25P02";

const swallowed = "an error inside it was caught and ignored, so PostgreSQL rolled the transaction back";

/** Until the end of the transaction: the ledger is written by who migrates, whatever role a migration set. */
export const asMigrator = "SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL role TO DEFAULT";

/**
 * Runs what a migration does and records it in one transaction: all of it is committed, or nothing.
 *
 * @param body what the migration does; an interrupt cancels its statements.
 * @param record writes to the ledger.
 */
export async function inOneTransaction<T>(
  prepared: PreparedStep,
  context: StepContext,
  body: () => Promise<T>,
  record: (result: T) => Promise<void>,
): Promise<T> {
  const { client, cancellable, signal } = context;
  const transaction = await transactionId(client, `BEGIN; ${limitStatements(prepared, context, "LOCAL")}`);
  let result: T;
  try {
    result = await cancellable(body);
    signal.throwIfAborted();
    if ((await transactionId(client, asMigrator)) !== transaction) {
      throw endedError(prepared);
    }
    await record(result);
  } catch (error) {
    const ended = await hasEnded(client, transaction).catch(() => false);
    await client.query("ROLLBACK").catch(() => undefined);
    throw ended ? endedError(prepared, error) : withoutAborted(error);
  }
  const { command } = await client.query("COMMIT");
  // The server answers COMMIT with ROLLBACK when something failed before it.
  if (command !== "COMMIT") {
    throw new Error(swallowed);
  }
  return result;
}

/** Number of the transaction under way; asking for it begins to write, which a migration does anyway. */
async function transactionId(client: StepContext["client"], first: string): Promise<string> {
  const results = await client.query(`${first}; SELECT pg_current_xact_id()::text AS id`);
  return (results as unknown as { rows: { id: string }[] }[]).at(-1)?.rows[0]?.id ?? "";
}

/** Whether a migration that failed had ended its transaction before that: then there is more than nothing of it. */
async function hasEnded(client: StepContext["client"], transaction: string): Promise<boolean> {
  // pg tells an error before it knows the status behind it; by the answer to the next message it does.
  await client.query("");
  const status = client.getTransactionStatus();
  return status === "T" ? (await transactionId(client, "SELECT 1")) !== transaction : status === "I";
}

/** What the statements of an SQL migration are searched for beforehand, code may still do. */
function endedError({ step }: PreparedStep, cause?: unknown): SchemagateError {
  if (cause instanceof SchemagateError) {
    return cause;
  }
  return new SchemagateError({
    code: "transaction-ended",
    message:
      `${step.role} ${step.migration.name} ended its own transaction with COMMIT or ROLLBACK: what it committed is in the ` +
      `database, and the ledger does not know it${cause instanceof Error ? `; then it failed: ${cause.message}` : ""}`,
    hint: "Undo by hand what it committed. Then take COMMIT and ROLLBACK out of it, or declare that it runs without a transaction.",
    exitCode: exitCodes.partial,
    cause,
  });
}

function withoutAborted(error: unknown): unknown {
  return (error as { code?: string } | undefined)?.code === abortedState
    ? new Error(swallowed, { cause: error })
    : error;
}
