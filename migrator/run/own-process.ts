/** What code did that would have ended the process, or let it end. */
export interface Fault {
  /** Behind its subject: `called process.exit(0)`. */
  readonly what: string;
  readonly cause?: unknown;
  /** Nothing is left that could happen, so that there is nothing to wait for. */
  readonly isStuck?: boolean;
}

/** A process that is the migrator's alone, such as that of its command line. */
export interface OwnProcess {
  /** Tells faults, in whose place nothing else happens. @returns stops telling. */
  readonly onFault: (hear: (fault: Fault) => void) => () => void;
}

/** Known to every bundle in the process: each carries this file. */
const key = Symbol.for("schemagate.own-process");

/** The process, where it is the migrator's alone; a program that uses the library looks after its own. */
export function ownProcess(): OwnProcess | undefined {
  return (globalThis as { [key]?: OwnProcess })[key];
}

/** Says that the process is the migrator's alone. */
export function claimProcess(process: OwnProcess): void {
  (globalThis as { [key]?: OwnProcess })[key] = process;
}
