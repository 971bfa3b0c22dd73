import { type ExitCode, toSchemagateError } from "../errors";
import { readOptions } from "../settings/read-options";
import { outputOptions } from "../settings/shared-options";
import type { Command } from "./commands/command";
import { Output } from "./output";

// A reader that went away (`| head`) is no error of ours.
process.stdout.on("error", () => undefined);

/**
 * Runs a command with the process's environment and streams.
 *
 * @param given options from the command line by name, unparsed.
 * @returns the exit code; errors are printed.
 */
export async function runCommand(
  command: Command,
  given: Record<string, unknown>,
  args: readonly string[],
  signal: AbortSignal,
): Promise<ExitCode> {
  let output = createOutput(undefined);
  try {
    output = createOutput(readOptions(outputOptions, given, process.env).json);
    return await command.run(given, {
      env: process.env,
      output,
      report: output.event,
      signal,
      args,
      // Looked at only by a command that would ask: opening standard input takes time.
      get ask() {
        return process.stdin.isTTY && process.stdout.isTTY ? askOnTerminal : undefined;
      },
    });
  } catch (thrown) {
    // What an interrupt breaks on its way is a consequence of it.
    const error = toSchemagateError(signal.aborted ? signal.reason : thrown);
    output.error(error);
    return error.exitCode;
  }
}

async function askOnTerminal(question: string): Promise<boolean> {
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

/** Output of this process: words on a terminal, JSON lines elsewhere, unless told otherwise. */
export function createOutput(json: boolean | undefined): Output {
  const terminal = process.stdout.isTTY === true;
  const colors = terminal && !process.env.NO_COLOR;
  const erase = terminal ? "\r\u001b[K" : "";
  const streams = {
    // On a terminal, what progress left on the line is erased first (ECMA-48: EL).
    out: (line: string) => void process.stdout.write(`${erase}${line}\n`),
    err: (line: string) => void process.stderr.write(`${erase}${line}\n`),
    transient: terminal && json !== true ? (line: string) => void process.stdout.write(`${erase}${line}`) : undefined,
  };
  return new Output(streams, json ?? !terminal, colors);
}
