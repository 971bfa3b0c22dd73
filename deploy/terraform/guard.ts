import { exitCodes, SchemagateError } from "../../migrator/errors";
import { findLosses, type Loss } from "./losses";
import type { Plan } from "./plan";
import { findRefusedUpdates } from "./refused-updates";

/**
 * Refuses a plan that takes away what holds data, unless its address was named, and one that Azure would refuse halfway (INV-26).
 *
 * @param allowed addresses of `--allow-replace`.
 * @throws SchemagateError exit 4; nothing of the stack was changed.
 */
export function requireNothingLost(stack: string, plan: Plan, allowed: readonly string[]): void {
  const losses = findLosses(plan).filter(({ address }) => !allowed.includes(address));
  const refused = findRefusedUpdates(plan);
  if (losses.length > 0) throw wouldLose(stack, losses);
  if (refused.length === 0) return;
  throw new SchemagateError({
    code: "update-refused",
    message: [
      `Azure would refuse the plan of ${stack}:`,
      ...refused.map(({ address, why }) => `  ${address}: ${why}`),
    ].join("\n"),
    hint: "Nothing of this stack was changed.",
    exitCode: exitCodes.refused,
  });
}

function wouldLose(stack: string, losses: readonly Loss[]): SchemagateError {
  const flags = losses.map(({ address }) => `--allow-replace '${address}'`).join(" ");
  return new SchemagateError({
    code: "would-lose-data",
    message: [`the plan of ${stack} destroys or replaces what holds data:`, ...losses.map(describe)].join("\n"),
    hint:
      "Nothing of this stack was changed. Put back what asks for it. If it is meant, and what it holds is saved or not " +
      `needed, run the same command with ${flags}.`,
    exitCode: exitCodes.refused,
  });
}

function describe({ address, name, how, why, advice }: Loss): string {
  const subject = name === undefined ? address : `${address} (${name})`;
  return `  ${subject} is ${how}: ${why}${advice === undefined ? "" : `\n    instead: ${advice}`}`;
}
