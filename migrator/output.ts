import { exitCodes, SchemagateError } from "./errors";
import type { RunEvent } from "./events";
import { redact, redactValues } from "./redact";
import { createStyle, describeError, describeEvent, errorLine, eventLine, type Style } from "./report";

/** Where a command prints. Results go to `out`; warnings, waiting and errors to `err`, so that results can be piped. */
export interface Streams {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/** Prints a command's results, events and errors in words or as JSON lines. */
export class Output {
  readonly style: Style;

  /**
   * @param json JSON lines instead of words.
   * @param colors whether words are coloured.
   */
  constructor(
    private readonly streams: Streams,
    readonly json: boolean,
    colors: boolean,
  ) {
    this.style = createStyle(colors);
  }

  /** Prints one event of a run. */
  readonly event = (event: RunEvent): void => {
    const line = this.json ? eventLine(event, new Date()) : describeEvent(event, this.style);
    if (line !== undefined) {
      const aside = event.event === "warning" || event.event === "connect-retry" || event.event === "lock-waiting";
      (aside ? this.streams.err : this.streams.out)(line);
    }
  };

  /** Prints a command's result: as one JSON line, or in words. */
  result(facts: Readonly<Record<string, unknown>>, words: (style: Style) => string): void {
    this.streams.out(this.json ? JSON.stringify(facts, redactValues) : redact(words(this.style)));
  }

  /** Prints an error. */
  error(error: SchemagateError): void {
    this.streams.err(this.json ? errorLine(error, new Date()) : describeError(error, this.style));
  }
}

/** Turns whatever was thrown into an error with an exit code; what was not foreseen is a bug. */
export function toSchemagateError(thrown: unknown): SchemagateError {
  if (thrown instanceof SchemagateError) {
    return thrown;
  }
  return new SchemagateError({
    code: "unexpected",
    message: `unexpected error: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`,
    hint: "This is a bug in schemagate, or an error it should explain better. Please report it with the text above.",
    exitCode: exitCodes.unexpected,
    cause: thrown,
  });
}
