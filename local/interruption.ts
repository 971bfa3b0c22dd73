import { exitCodes } from "../migrator/errors";

/** Exit codes of a shell: 128 and the signal's number. */
const endings = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated, SIGHUP: 129, SIGPIPE: 141 } as const;

type EndingSignal = keyof typeof endings;

/** Somebody ended the run before it was done; the reason of `Interruption.signal`. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(readonly by: EndingSignal) {
    super(`interrupted by ${by}`);
    this.exitCode = endings[by];
  }
}

/** What tells the parts of a run that it is to end. */
export interface Interruption {
  /** Aborted by the first signal, with an Interrupted. */
  readonly signal: AbortSignal;
  /** Aborted by the second: whatever takes its time is cut short. */
  readonly again: AbortSignal;
}

/**
 * Ends the run in good order on SIGINT, SIGTERM and SIGHUP, so that neither containers nor the embedded server are left
 * behind, and when nobody reads what it prints any more.
 */
export function listenForSignals(): Interruption {
  const [first, second] = [new AbortController(), new AbortController()];
  for (const by of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(by, () => (first.signal.aborted ? second.abort() : first.abort(new Interrupted(by))));
  }
  for (const stream of [process.stdout, process.stderr]) {
    // Without a listener it would end the process on the spot; with a reader who is gone there is nothing to tell.
    stream.on("error", () => first.abort(new Interrupted("SIGPIPE")));
  }
  return { signal: first.signal, again: second.signal };
}
