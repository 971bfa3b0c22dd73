import { exitCodes, SchemagateError } from "../../migrator/errors";
import type { ModelProblem } from "./read-statements";

/** More are seldom read: the first ones explain the rest. */
const shownProblems = 10;

/**
 * Makes one error (exit 2) of what is wrong with models: one problem is the error itself, of several the first is shown
 * with its line.
 *
 * @param facts for machines, besides those of the first problem.
 */
export function modelError(
  problems: readonly [ModelProblem, ...ModelProblem[]],
  facts: Readonly<Record<string, unknown>> = {},
  cause?: unknown,
): SchemagateError {
  const [{ location, excerpt, ...first }, ...others] = problems;
  const details = { location, excerpt, ...facts };
  const common = { exitCode: exitCodes.usage, details, cause };
  return others.length === 0
    ? new SchemagateError({ ...first, ...common })
    : new SchemagateError({
        ...common,
        code: "models-refused",
        message: `${problems.length} problems in the models; the first is ${first.message}`,
        problems: problems.slice(0, shownProblems).map(({ code, message, hint }) => ({ code, message, hint })),
      });
}
