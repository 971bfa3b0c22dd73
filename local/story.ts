import { describeLogLine } from "../migrator/events/log-line";
import { createStyle, duration, type Style } from "../migrator/events/words";

/** Tells on the terminal what the revision does, as it would on the platform. */
export class Story {
  private readonly style: Style;

  /**
   * @param print prints one line.
   * @param colors whether words are coloured.
   */
  constructor(
    private readonly print: (line: string) => void,
    colors: boolean,
  ) {
    this.style = createStyle(colors);
  }

  /** Something was done; how long it took, when that is of interest. */
  done(what: string, ms?: number): void {
    this.print(`${this.style.green("✔")} ${what}${ms === undefined ? "" : this.style.dim(`  ${duration(ms)}`)}`);
  }

  /** Something begins. */
  begins(what: string): void {
    this.print(`${this.style.cyan("▸")} ${what}`);
  }

  /** Something failed; the lines say why and what follows. */
  failed(what: string, ...why: string[]): void {
    this.print(`${this.style.red("✘")} ${what}`);
    for (const line of why) {
      this.print(`  ${line}`);
    }
  }

  /** An init container failed, and what that means. */
  gateHolds(container: string, code: number): void {
    this.failed(
      `init container "${container}" exited with code ${code}: the gate holds`,
      "The app was not started. On Azure the revision would fail, and the old one would go on serving.",
    );
  }

  /** The user ended a container that had not come to its end. */
  stopped(container: string, code: number): void {
    this.failed(`init container "${container}" was stopped (exit code ${code}): the app was not started`);
  }

  /** Something worth knowing. */
  note(what: string): void {
    this.print(what);
  }

  /** Variables of a container that have no value on this machine. */
  leftOut(container: string, names: readonly string[]): void {
    if (names.length > 0) {
      this.note(`  ${container}: ${names.join(", ")} left out, only Azure knows the value`);
    }
  }

  /** A line that a container printed: the migrator's and JSON loggers' in words, any other as it is. */
  containerLine(container: string, line: string): void {
    const words = describeLogLine(line, this.style);
    for (const part of words === undefined ? [] : words.split("\n")) {
      this.print(`  ${this.style.dim(`${container} |`)} ${part}`);
    }
  }
}
