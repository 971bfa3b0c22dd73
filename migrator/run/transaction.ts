import { exitCodes, SchemagateError } from "../errors";
import type { Renewal } from "../lock/lock";
import { limitStatements, queryAll, type StepContext } from "./context";
import type { PreparedStep } from "./prepare";

/** SQLSTATE of whatever is asked in a transaction in which something failed. */
const abortedState = "25P02";

const swallowed = "an error inside it was caught and ignored, so PostgreSQL rolled the transaction back";

/** Until the end of the transaction: the ledger is written by who migrates, whatever role a migration set. */
export const asMigrator = "SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL role TO DEFAULT";

/** A setting that nobody has: asking for it fails, and the message tells why. */
const endedSetting = "schemagate.transaction_ended";

/**
 * Runs what a migration does and records it in one transaction: all of it is committed, or nothing (INV-4). It takes one
 * message before the body and one behind it.
 *
 * @param renewal of the session, where the transaction is a whole step.
 * @param body what the migration does; an interrupt cancels its statements.
 * @param record gives the statements that write to the ledger.
 */
export async function inOneTransaction<T>(
  prepared: PreparedStep,
  context: StepContext,
  renewal: Renewal | undefined,
  body: () => Promise<T>,
  record: (result: T) => string,
): Promise<T> {
  const { client, cancellable, signal } = context;
  // What was set in the transaction is as it was before once that is rolled back.
  const rollBack = () =>
    client.query(["ROLLBACK", ...(renewal ? [renewal.sql] : [])].join("; ")).catch(() => undefined);
  const began = await begin(prepared, context, renewal);
  let result: T;
  try {
    result = await cancellable(body);
    signal.throwIfAborted();
  } catch (error) {
    const ended = await hasEnded(client, began).catch(() => false);
    await rollBack();
    throw ended ? endedError(prepared, error) : withoutAborted(error);
  }
  try {
    await client.query(`${asMigrator}; ${assertSame(began)}; ${record(result)}; COMMIT`);
  } catch (error) {
    await rollBack();
    throw isEnded(error) ? endedError(prepared) : withoutAborted(withoutPosition(error));
  }
  return result;
}

/**
 * Nothing behind BEGIN asks for data: the migration's first statement may still say how isolated the transaction is.
 *
 * @returns when the transaction began. @throws usage (exit 2) when the lock is lost.
 */
async function begin(prepared: PreparedStep, context: StepContext, renewal: Renewal | undefined): Promise<string> {
  const { client } = context;
  // In a transaction of its own: without one, BEGIN would take what was asked before it into its transaction.
  const first = ["BEGIN", ...(renewal ? [renewal.sql] : []), transactionStart, "COMMIT"];
  try {
    const results = await queryAll(client, [...first, "BEGIN", limitStatements(prepared, context, "LOCAL")].join("; "));
    renewal?.check(results);
    return results.flatMap(({ rows }) => rows).find((row) => "began" in row)?.began ?? "";
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/**
 * When the transaction under way began, whatever settings say of times and their zones: the time at which the server
 * received the message that began it, the same for all transactions of one message and for no other message's.
 */
const transactionStart = "SELECT extract(epoch FROM transaction_timestamp())::text AS began";

/** Fails in any other transaction, and with it the rest of its message: the ledger's rows and COMMIT. */
function assertSame(began: string): string {
  return `SELECT CASE WHEN (${transactionStart}) <> '${began}' THEN current_setting('${endedSetting}') END`;
}

function isEnded(error: unknown): boolean {
  return String((error as { message?: string } | undefined)?.message).includes(endedSetting);
}

/** Whether a migration that failed had ended its transaction before that: then there is more than nothing of it. */
async function hasEnded(client: StepContext["client"], began: string): Promise<boolean> {
  // pg tells an error before it knows the status behind it; by the answer to the next message it does.
  await client.query("");
  const status = client.getTransactionStatus();
  return status === "T" ? (await client.query(transactionStart)).rows[0]?.began !== began : status === "I";
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

/** Where a statement of ours failed is no place in the migration's file. */
function withoutPosition(error: unknown): unknown {
  return Object.assign(error as object, { position: undefined });
}
