import type { ExitCode } from "../../errors";
import type { ProcessContext } from "../../run/session";
import type { OptionSpec } from "../../settings";
import type { Output } from "../output";

/** What every command is given. */
export interface CommandContext extends ProcessContext {
  readonly output: Output;
  /** What stands behind the command, in the order of its `arguments`; optional ones may be missing. */
  readonly args: readonly string[];
}

/** A positional argument. */
export interface ArgumentSpec {
  /** As commander reads it: `<name>`, `[range]`. */
  readonly syntax: string;
  readonly about: string;
}

/** A command of the command line: one file each, registered in program.ts. */
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
