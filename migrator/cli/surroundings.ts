import type { Environment } from "../settings/read-options";

/** What a command line is run in: a process's environment, streams and signals, or what stands in for them. */
export interface Surroundings {
  readonly env: Environment;
  readonly stdin: NodeJS.ReadableStream & MaybeTerminal;
  readonly stdout: NodeJS.WritableStream & MaybeTerminal;
  readonly stderr: NodeJS.WritableStream;
  /** Aborted, with the error to end with, when the run is to end. */
  readonly signal: AbortSignal;
}

interface MaybeTerminal {
  readonly isTTY?: boolean;
  /** Of a terminal. */
  readonly columns?: number;
}
