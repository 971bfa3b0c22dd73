import type { ExitCode } from "../../errors";
import type { Environment, OptionSpec } from "../../settings";
import type { Output } from "../output";

/** What every command is given. */
export interface CommandContext {
  readonly env: Environment;
  readonly output: Output;
  /** Aborted with a SchemagateError on SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** What stands behind the command, in the order of its `arguments`; optional ones may be missing. */
  readonly args: readonly string[];
  /** Asks a yes-or-no question on the terminal; absent where there is none, so that nothing ever hangs. */
  readonly ask?: (question: string) => Promise<boolean>;
}

/** A positional argument. */
export interface ArgumentSpec {
  /** As commander reads it: `<name>`, `[range]`. */
  readonly syntax: string;
  readonly about: string;
}

/** A command of the command line: one file each, registered in cli.ts. */
export interface Command {
  readonly name: string;
  readonly about: string;
  readonly examples: readonly string[];
  /** @default none */
  readonly arguments?: readonly ArgumentSpec[];
  readonly options: Readonly<Record<string, OptionSpec<unknown>>>;
  /** @param given options from the command line by name, unparsed. */
  readonly run: (given: Readonly<Record<string, unknown>>, context: CommandContext) => Promise<ExitCode>;
}
