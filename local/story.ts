import { SchemagateError } from "../migrator/errors";
import type { RunEvent } from "../migrator/events";
import { createStyle, describeError, describeEvent, duration, type Style } from "../migrator/report";

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

  /** Something worth knowing. */
  note(what: string): void {
    this.print(what);
  }

  /** A line that a container printed: the migrator's and JSON loggers' in words, any other as it is. */
  containerLine(container: string, line: string): void {
    const words = this.inWords(line);
    for (const part of words === undefined ? [] : words.split("\n")) {
      this.print(`  ${this.style.dim(`${container} |`)} ${part}`);
    }
  }

  private inWords(line: string): string | undefined {
    const fields = parseLine(line);
    if (typeof fields?.msg === "string") {
      return describeLogLine(fields);
    }
    if (typeof fields?.event !== "string") {
      return line;
    }
    if (fields.event === "failed") {
      return describeError(toError(fields), this.style);
    }
    return describeEvent(fields as unknown as RunEvent, this.style);
  }
}

/** What every line of the common JSON loggers (pino, bunyan) repeats. */
const repeated = new Set(["level", "time", "pid", "hostname", "name", "v", "msg"]);

function describeLogLine(fields: Readonly<Record<string, unknown>>): string {
  const rest = Object.entries(fields).filter(([name]) => !repeated.has(name));
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return [fields.msg, ...rest.map(([name, value]) => `${name}=${text(value)}`)].join(" ");
}

function parseLine(line: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function toError({
  code,
  message,
  hint,
  exitCode,
  problems,
  serverHint,
  ...facts
}: Record<string, unknown>): SchemagateError {
  return new SchemagateError({
    code: String(code),
    message: String(message),
    hint: hint === undefined ? undefined : String(hint),
    exitCode: exitCode as SchemagateError["exitCode"],
    problems: (problems ?? []) as SchemagateError["problems"],
    details: { ...facts, hint: serverHint },
  });
}
