import { ConfigurationError } from "../infra/errors";
import { exitCodes, SchemagateError } from "../migrator/errors";
import type { Context } from "./context";

/** @throws ConfigurationError where nobody can be asked, before anything is done. */
export function requireApprover(autoApprove: boolean | undefined, { ask }: Context): void {
  if (autoApprove || ask !== undefined) return;
  throw new ConfigurationError(
    "--auto-approve (missing): there is no terminal to ask whether a plan is to be applied. Give --auto-approve, or run it " +
      "in a terminal",
  );
}

/**
 * Asks for a word that nobody types by mistake.
 *
 * @param plan what is to be approved: `the plan of platform`
 * @throws SchemagateError exit 4 at any other answer.
 */
export async function requireAnswer({ ask }: Context, question: string, expected: string, plan: string): Promise<void> {
  const answer = await ask?.(question);
  if (answer?.trim() === expected) return;
  throw new SchemagateError({
    code: "not-approved",
    message: `${plan} was not approved`,
    hint: `Nothing of this stack was changed. Run it again and answer '${expected}', or give --auto-approve.`,
    exitCode: exitCodes.refused,
  });
}
