import type { ExitCode } from "../errors";
import type { Output } from "../output";
import type { Environment, OptionSpec } from "../settings";

/** What every command is given. */
export interface CommandContext {
  readonly env: Environment;
  readonly output: Output;
  /** Aborted with a SchemagateError on SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

/** A command of the command line: one file each, registered in cli.ts. */
export interface Command {
  readonly name: string;
  readonly about: string;
  readonly examples: readonly string[];
  readonly options: Readonly<Record<string, OptionSpec<unknown>>>;
  /** @param given options from the command line by name, unparsed. */
  readonly run: (given: Readonly<Record<string, unknown>>, context: CommandContext) => Promise<ExitCode>;
}
