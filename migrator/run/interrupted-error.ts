import { exitCodes, SchemagateError } from "../errors";
import { describePlace } from "../plan/partial";
import type { Position } from "./context";
import type { PreparedStep } from "./prepare";
import { isWhole } from "./step-error";
import { describeInvalid } from "./watch-indexes";

/**
 * Says what became of the step that an interrupt struck.
 *
 * @param reason the interrupt.
 * @param cause what the step failed with because of it.
 */
export function interruptedError(
  prepared: PreparedStep,
  { message, code, exitCode, details }: SchemagateError,
  cause: unknown,
  position: Position,
): SchemagateError {
  const { migration, direction, role } = prepared.step;
  const { where, hint } = whatStays(prepared, cause, position);
  return new SchemagateError({
    ...{ code, exitCode, cause },
    message: `${message} during ${role} ${migration.name}${direction === "down" ? " (down)" : ""}${where}`,
    hint,
    details: { ...details, migration: migration.name, direction },
  });
}

function whatStays(
  prepared: PreparedStep,
  cause: unknown,
  { done, leftInvalid = [] }: Position,
): { where: string; hint: string } {
  if (cause instanceof SchemagateError && cause.exitCode === exitCodes.partial) {
    return { where: `: ${cause.message}`, hint: cause.hint ?? "" };
  }
  if (isWhole(prepared)) {
    return {
      where: ", which was rolled back",
      hint: "What was committed before it stays. Run again: it begins anew.",
    };
  }
  const { direction } = prepared.step;
  const left = leftInvalid.length > 0 ? `, and left ${describeInvalid(leftInvalid)}` : "";
  if (prepared.kind === "statements") {
    const place = describePlace({ direction, done, total: prepared.statements.length, finished: [] });
    return {
      where: `, which has no transaction, ${place}${left}`,
      hint: "What ran before it stays. Run again: it goes on there.",
    };
  }
  return prepared.kind === "batches"
    ? {
        where: ` ${describePlace({ direction, done })}`,
        hint: "The batches before it stay. Run again: it goes on behind them.",
      }
    : {
        where: `, which has no transaction${left}`,
        hint: "What its code has done so far stays. Run again: it begins anew.",
      };
}
