import type { ExitCode } from "../errors";
import type { Command } from "./commands/command";
import { history } from "./commands/history";
import { status } from "./commands/status";
import { up } from "./commands/up";
import { runCommand } from "./run-command";

const commands: readonly Command[] = [up, status, history];

/** Runs a command with the options that the environment holds. */
export function runBare(name: string, signal: AbortSignal): Promise<ExitCode> {
  const command = commands.find((candidate) => candidate.name === name) as Command;
  return runCommand(command, {}, [], signal);
}
