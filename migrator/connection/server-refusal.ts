import type { DatabaseError } from "pg";
import { exitCodes, SchemagateError } from "../errors";
import { remedyFor } from "../remedies";
import { isSqlState, serverFacts } from "./sql-error";

const unforeseen =
  "An event trigger, a policy or a setting of the server may be why: its own words above say more. If nothing of yours is, " +
  "please report it with them.";

/**
 * Puts an error of the server into words: that it refuses what was asked is no bug of ours. Others are returned as they are.
 *
 * @param doing what was under way: `the ledger cannot be made in schema "x"`.
 * @param hint where the server's error has no remedy of its own.
 */
export function refusedByServer(error: unknown, doing?: string, hint = unforeseen): unknown {
  if (!isServerError(error)) {
    return error;
  }
  const { message, code, routine } = error;
  const remedy = remedyFor(code, routine);
  return new SchemagateError({
    code: remedy?.code ?? "server-refused",
    message: `${doing ? `${doing}: ` : ""}the server refused: ${message}`,
    hint: remedy?.hint ?? hint,
    exitCode: exitCodes.migrationFailed,
    cause: error,
    details: { ...serverFacts(error) },
  });
}

function isServerError(error: unknown): error is DatabaseError {
  const { code, severity } = (error ?? {}) as { code?: string; severity?: string };
  return !(error instanceof SchemagateError) && severity !== undefined && isSqlState(code);
}
