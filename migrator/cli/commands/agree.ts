import { usageError } from "../../errors";
import type { CommandContext } from "./command";

/** What a command is about to write. */
export interface Intention {
  /** With its number: `3 migrations would be recorded as applied`. */
  readonly would: string;
  /** What was shown before, for whoever cannot be asked. */
  readonly shown: string;
  readonly question: string;
}

/**
 * Asks on a terminal; elsewhere --yes must have said it.
 *
 * @throws usage (exit 2) where neither is there.
 */
export async function isAgreed(
  { would, shown, question }: Intention,
  yes: boolean,
  { ask }: CommandContext,
): Promise<boolean> {
  if (yes) {
    return true;
  }
  if (!ask) {
    throw usageError({
      code: "not-agreed",
      message: `${would}, and there is no terminal to ask on; nothing was written`,
      hint: `Read the ${shown} above, then run this again with --yes.`,
    });
  }
  return ask(question);
}
