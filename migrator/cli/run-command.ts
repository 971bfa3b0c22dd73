import { refusedByServer } from "../connection/server-refusal";
import { type ExitCode, SchemagateError, toSchemagateError } from "../errors";
import { readOptions } from "../settings/read-options";
import { outputOptions } from "../settings/shared-options";
import type { Command } from "./commands/command";
import { Output } from "./output";
import type { Surroundings } from "./surroundings";
import { warnOfNearMisses } from "./warn-of-near-misses";

/**
 * Runs a command.
 *
 * @param given options from the command line by name, unparsed.
 * @returns the exit code; errors are printed.
 */
export async function runCommand(
  command: Command,
  given: Record<string, unknown>,
  args: readonly string[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { env, signal } = surroundings;
  let output = createOutput(undefined, surroundings);
  try {
    output = createOutput(readOptions(outputOptions, given, env).json, surroundings);
    await warnOfNearMisses(command, given, env, output);
    return await command.run(given, {
      env,
      output,
      report: output.event,
      signal,
      args,
      // Looked at only by a command that would ask: opening standard input takes time.
      get ask() {
        return surroundings.stdin.isTTY && surroundings.stdout.isTTY ? askOnTerminal(surroundings) : undefined;
      },
    });
  } catch (thrown) {
    // What an interrupt breaks on its way is a consequence of it.
    const error = toSchemagateError(
      signal.aborted && !tellsOf(signal.reason, thrown) ? signal.reason : refusedByServer(thrown),
    );
    output.error(error);
    return error.exitCode;
  }
}

/** Whether an error is the interrupt, with what was known where it struck. */
function tellsOf(reason: unknown, thrown: unknown): boolean {
  return thrown instanceof SchemagateError && thrown.code === (reason as SchemagateError).code;
}

function askOnTerminal({ stdin, stdout }: Surroundings): (question: string) => Promise<boolean> {
  return async (question) => {
    const { createInterface } = await import("node:readline/promises");
    const terminal = createInterface({ input: stdin, output: stdout });
    try {
      return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
    } finally {
      terminal.close();
    }
  };
}

/** Words on a terminal, JSON lines elsewhere, unless told otherwise. */
export function createOutput(json: boolean | undefined, surroundings: Surroundings): Output {
  const { env, stdout } = surroundings;
  const terminal = stdout.isTTY === true;
  const colors = terminal && !env.NO_COLOR;
  const erase = terminal ? "\r\u001b[K" : "";
  const streams = {
    // On a terminal, what progress left on the line is erased first (ECMA-48: EL).
    out: (line: string) => void stdout.write(`${erase}${line}\n`),
    err: (line: string) => void surroundings.stderr.write(`${erase}${line}\n`),
    transient: terminal && json !== true ? (line: string) => void stdout.write(`${erase}${line}`) : undefined,
  };
  return new Output(streams, json ?? !terminal, colors);
}
