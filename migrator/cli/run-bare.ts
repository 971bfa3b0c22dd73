import type { ExitCode } from "../errors";
import type { Command } from "./commands/command";
import { history } from "./commands/history";
import { status } from "./commands/status";
import { up } from "./commands/up";
import { runCommand } from "./run-command";
import type { Surroundings } from "./surroundings";

const commands: readonly Command[] = [up, status, history];

/** Runs a command with the options that the environment holds. */
export function runBare(name: string, surroundings: Surroundings): Promise<ExitCode> {
  const command = commands.find((candidate) => candidate.name === name) as Command;
  return runCommand(command, {}, [], surroundings);
}
