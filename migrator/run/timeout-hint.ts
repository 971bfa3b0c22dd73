import type { DatabaseError } from "pg";
import { describeSetting, readSetting } from "../connection/timeouts";
import { duration } from "../events/words";
import { elapsedMs, type Position, type StepContext } from "./context";
import type { PreparedStep } from "./prepare";

/** SQLSTATE of a statement that was cancelled, by a timeout or by somebody. */
const cancelled = "57014";

/** What cancelled a statement: the step's own limit, a setting from elsewhere, somebody, or nobody can tell. */
export type Canceller = "limit" | "setting" | "somebody" | "unknown";

/**
 * Tells what cancelled a statement. The SQLSTATE is the same for all of it, and the message may be in any language: then
 * the time that passed tells what cannot have been.
 *
 * @param limitMs the step's own statement_timeout; 0 is none.
 */
export function whoCancelled(message: string, limitMs: number, tookMs: number): Canceller {
  if (/user request/.test(message)) {
    return "somebody";
  }
  if (limitMs > 0 && tookMs >= limitMs) {
    return "limit";
  }
  return /statement timeout/.test(message) ? "setting" : "unknown";
}

/** What to do about a statement that was cancelled; undefined for any other error. */
export async function timeoutHint(
  cause: unknown,
  prepared: PreparedStep,
  context: StepContext,
  position: Position,
): Promise<string | undefined> {
  const { code, message = "" } = (cause ?? {}) as Partial<DatabaseError>;
  if (code !== cancelled) {
    return undefined;
  }
  const { options } = prepared;
  const limitMs = options.statementTimeoutMs ?? context.limits.statementTimeoutMs;
  switch (whoCancelled(message, limitMs, elapsedMs(position))) {
    case "limit": {
      const from =
        options.statementTimeoutMs === undefined
          ? "--statement-timeout (SCHEMAGATE_STATEMENT_TIMEOUT)"
          : "what the migration declares";
      return `It took longer than statement_timeout, ${duration(limitMs)} by ${from}: give it more there, or change data in batches.`;
    }
    case "setting":
      return `${await settingHint(context)} Give it more there, or change data in batches.`;
    case "somebody":
      return "Somebody cancelled it, with pg_cancel_backend or a tool that uses it; the server's log may say who. Run it again.";
    case "unknown":
      return (
        "Somebody cancelled it, or it took longer than a statement_timeout that the migration sets itself: give it more " +
        "there, or run it again."
      );
  }
}

/** Asked of the connection that lives on, behind what is left of the transaction. */
async function settingHint({ client }: StepContext): Promise<string> {
  const name = "statement_timeout";
  const setting = await client
    .query("ROLLBACK")
    .then(() => readSetting(client, name))
    .catch(() => undefined);
  return setting && setting.value !== "0"
    ? describeSetting(name, setting)
    : "The migration sets statement_timeout itself.";
}
