import { exitCodes, SchemagateError } from "../errors";
import type { Position, StepContext } from "./context";
import { findInvalidIndexes } from "./indexes";
import type { PreparedStep } from "./prepare";

/**
 * Runs a step without a transaction, and sees to it that it does not end well beside an index that became invalid
 * meanwhile, whatever it was that made it so (INV-20).
 *
 * @throws partial (exit 8) when there is one. When the body fails, the position tells what it left behind.
 */
export async function watchIndexes(
  prepared: PreparedStep,
  context: StepContext,
  position: Position,
  body: () => Promise<void>,
): Promise<void> {
  const { client } = context;
  // What an earlier run of the step left behind counts: it is what was invalid before that run that does not.
  position.invalidBefore ??=
    prepared.step.resume?.invalidBefore ?? (await findInvalidIndexes(client)).map(({ oid }) => oid);
  try {
    await body();
  } catch (error) {
    position.leftInvalid = await becameInvalid(context, position).catch(() => []);
    throw error;
  }
  const names = await becameInvalid(context, position);
  if (names.length > 0) {
    throw invalidError(prepared, names);
  }
}

async function becameInvalid({ client }: StepContext, { invalidBefore = [] }: Position): Promise<string[]> {
  const invalid = await findInvalidIndexes(client);
  return invalid.filter(({ oid }) => !invalidBefore.includes(oid)).map(({ name }) => name);
}

/** `the invalid index a_v_idx`. */
export function describeInvalid(names: readonly string[]): string {
  return `the invalid ${names.length === 1 ? "index" : "indexes"} ${names.join(", ")}`;
}

function invalidError({ step }: PreparedStep, names: readonly string[]): SchemagateError {
  return new SchemagateError({
    code: "invalid-index",
    message: `${step.role} ${step.migration.name} came to its end and left ${describeInvalid(names)}`,
    hint:
      `Nothing uses an invalid index, and writes pay for it: build it again with REINDEX INDEX CONCURRENTLY ${names[0]}, or ` +
      `remove it with DROP INDEX CONCURRENTLY ${names[0]}. Then run again.`,
    exitCode: exitCodes.partial,
    details: { migration: step.migration.name, direction: step.direction },
  });
}
