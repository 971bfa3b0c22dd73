import { Command as Commander, CommanderError, Option } from "commander";
import { type ExitCode, exitCodes, SchemagateError, toSchemagateError } from "../errors";
import { databaseOptions, type OptionSpec, outputOptions, sourceOptions } from "../settings";
import { version } from "../version";
import { adopt } from "./commands/adopt";
import { bootstrap } from "./commands/bootstrap";
import { check } from "./commands/check";
import type { Command } from "./commands/command";
import { create } from "./commands/create";
import { current } from "./commands/current";
import { doctor } from "./commands/doctor";
import { down } from "./commands/down";
import { drift } from "./commands/drift";
import { generate } from "./commands/generate";
import { history } from "./commands/history";
import { init } from "./commands/init";
import { lint } from "./commands/lint";
import { plan } from "./commands/plan";
import { rebase } from "./commands/rebase";
import { redo } from "./commands/redo";
import { repair } from "./commands/repair";
import { seal } from "./commands/seal";
import { show } from "./commands/show";
import { stamp } from "./commands/stamp";
import { status } from "./commands/status";
import { up } from "./commands/up";
import { verify } from "./commands/verify";
import { createOutput, runCommand } from "./run-command";
import type { Surroundings } from "./surroundings";

const commands: readonly Command[] = [
  init,
  ...[up, down, redo],
  ...[status, current, history, show],
  ...[generate, create, rebase, seal],
  ...[check, lint, verify, plan, drift],
  ...[adopt, stamp, repair],
  ...[doctor, bootstrap],
];

/** Taken by every command, so that a script may pass them to all alike; help shows them where they matter. */
const commonOptions = { ...sourceOptions, ...databaseOptions };

/**
 * Reads a command line and runs what it says.
 *
 * @returns the exit code.
 */
export async function runProgram(argv: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { stdout } = surroundings;
  let exitCode: ExitCode = exitCodes.ok;
  const program = new Commander("schemagate")
    .description("New code never starts on a schema its migrations did not reach.")
    .version(version, "--version")
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: () => undefined,
      getOutHelpWidth: () => stdout.columns ?? 80,
    });
  for (const command of commands) {
    register(program, command, async (given, args) => {
      exitCode = await runCommand(command, given, args, surroundings);
    });
  }
  try {
    await program.parseAsync(withDefaultCommand(argv), { from: "user" });
    return exitCode;
  } catch (error) {
    return report(argv, error, surroundings);
  }
}

function register(
  program: Commander,
  command: Command,
  action: (given: Record<string, unknown>, args: readonly string[]) => Promise<void>,
): void {
  const registered = program
    .command(command.name)
    .description(command.about)
    .allowExcessArguments(false)
    .addHelpText("after", `\nExamples:\n${command.examples.map((example) => `  $ ${example}`).join("\n")}`);
  const own = { ...command.options, ...outputOptions };
  for (const [name, spec] of Object.entries({ ...commonOptions, ...own })) {
    registered.addOption(toCommanderOption(name, spec).hideHelp(!(name in own)));
  }
  registered.addOption(new Option("--no-json", "print words"));
  for (const { syntax, about } of command.arguments ?? []) {
    registered.argument(syntax, about);
  }
  registered.action(() => action(registered.opts(), registered.args));
}

/** Only for parsing and help: values and defaults are settled by readOptions, which reports every problem at once. */
function toCommanderOption(name: string, spec: OptionSpec<unknown>): Option {
  const fallback = spec.fallback === undefined || spec.fallback === false ? "" : `default: ${String(spec.fallback)}, `;
  const option = new Option(spec.flags, `${spec.about} (${fallback}env: ${spec.env})`);
  if (option.attributeName() !== name) {
    throw new Error(`option ${spec.flags} is registered as ${name}`);
  }
  return option;
}

/** Commander would take a mistyped command for an argument of the default one. */
function withDefaultCommand(argv: readonly string[]): string[] {
  const [first] = argv;
  if (first === undefined || (first.startsWith("-") && !["--help", "-h", "--version"].includes(first))) {
    return [up.name, ...argv];
  }
  return [...argv];
}

/** Errors of the command line itself: they come before any command and its output. */
function report(argv: readonly string[], thrown: unknown, surroundings: Surroundings): ExitCode {
  if (thrown instanceof CommanderError && thrown.exitCode === 0) {
    return exitCodes.ok;
  }
  const error =
    thrown instanceof CommanderError
      ? new SchemagateError({
          code: "bad-arguments",
          // An address that stands where a command or an option should may hold a password (INV-10).
          message: thrown.message.replace(/^error: /, "").replace(/'[^']*[:=@/][^']*'/gs, "(hidden)"),
          hint: "See `schemagate --help`.",
          exitCode: exitCodes.usage,
        })
      : toSchemagateError(thrown);
  const json = argv.includes("--no-json") ? false : argv.includes("--json") || undefined;
  createOutput(json, surroundings).error(error);
  return error.exitCode;
}
