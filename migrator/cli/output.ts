import { monotonicMs } from "../clock";
import type { SchemagateError } from "../errors";
import type { RunEvent } from "../events/events";
import { describeError, describeEvent, errorLine, eventLine, isAside } from "../events/report";
import { createStyle, type Style } from "../events/words";
import { redact, redactedJson } from "../redact";
import type { DatabaseTarget } from "../target";

/** Where a command prints. Results go to `out`; warnings, waiting and errors to `err`, so that results can be piped. */
export interface Streams {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** Prints a line that the next one replaces; only a terminal can. */
  readonly transient?: (line: string) => void;
}

/** Prints a command's results, events and errors in words or as JSON lines. */
export class Output {
  readonly style: Style;
  /** When progress was printed last, in milliseconds of the process. */
  private progressAt = Number.NEGATIVE_INFINITY;
  private target?: DatabaseTarget;
  /** Whether a JSON line has named the target. */
  private isNamed = false;
  private hasDocument = false;

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
    if (event.event === "target" ? !this.isNews(event.target) : event.event === "progress" && !this.isDue(event)) {
      return;
    }
    const line = this.json
      ? eventLine(event, new Date(), this.nameTarget(event.event === "done"))
      : describeEvent(event, this.style);
    if (line === undefined) {
      return;
    }
    if ((event.event === "progress" || event.event === "running") && this.streams.transient) {
      this.streams.transient(line);
    } else {
      const aside = isAside(event) || (event.event === "target" && this.hasDocument);
      (aside ? this.streams.err : this.streams.out)(line);
    }
  };

  /** A document for another program follows on standard output: what names the target goes to standard error. */
  announceDocument(): void {
    this.hasDocument = true;
  }

  /** What the command acts on, as far as it is known. */
  get namedTarget(): DatabaseTarget | undefined {
    return this.target;
  }

  /** Keeps what names the target. @returns whether a line of its own says so. */
  private isNews(target: DatabaseTarget): boolean {
    const isSame = JSON.stringify(target) === JSON.stringify(this.target);
    // Where scratch databases are says less than which database is meant.
    if (isSame || (target.scratch && this.target && !this.target.scratch)) {
      return false;
    }
    this.target = target;
    this.isNamed = false;
    return !this.json || this.hasDocument;
  }

  /** The target, for the first JSON line that can name it, and for those that a script may read alone. */
  private nameTarget(always: boolean): DatabaseTarget | undefined {
    const isDue = always || !this.isNamed;
    this.isNamed = true;
    return isDue ? this.target : undefined;
  }

  /** A terminal shows progress as it goes; a log gets a line now and then, and the first and last ones. */
  private isDue({ done, total }: Extract<RunEvent, { event: "progress" }>): boolean {
    const now = monotonicMs();
    const interval = this.streams.transient ? 100 : 10_000;
    if (now - this.progressAt < interval && done !== total) {
      return false;
    }
    this.progressAt = now;
    return true;
  }

  /** Prints a text as it is: a script, whatever the form of the output. */
  text(text: string): void {
    this.streams.out(text);
  }

  /** Prints a command's result: as one JSON line, or in words. */
  result(facts: Readonly<Record<string, unknown>>, words: (style: Style) => string): void {
    const target = this.nameTarget(true);
    this.streams.out(this.json ? redactedJson({ ...facts, ...(target && { target }) }) : redact(words(this.style)));
  }

  /** Prints an error. */
  error(error: SchemagateError): void {
    const line = () => errorLine(error, new Date(), this.nameTarget(true));
    this.streams.err(this.json ? line() : describeError(error, this.style));
  }
}
