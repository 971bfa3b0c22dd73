import { up } from "./commands/up";
import type { ExitCode } from "./errors";
import { runCommand } from "./run-command";

/** Runs `up` with the options that the environment holds. */
export function runUp(signal: AbortSignal): Promise<ExitCode> {
  return runCommand(up, {}, [], signal);
}
