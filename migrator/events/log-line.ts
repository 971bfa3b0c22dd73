import { readLine } from "./read-line";
import { describeError, describeEvent } from "./report";
import type { Style } from "./words";

/**
 * Puts a line that a container printed into words: the migrator's JSON lines and those of the common JSON loggers; any
 * other line stays as it is.
 *
 * @returns undefined for an event that the next one says all about.
 */
export function describeLogLine(line: string, style: Style): string | undefined {
  const read = readLine(line);
  switch (read.kind) {
    case "event":
      return describeEvent(read.event, style);
    case "failed":
      return describeError(read.error, style);
    case "logger":
      return [read.message, ...read.fields.map(([name, text]) => `${name}=${text}`)].join(" ");
    case "other":
      return line;
  }
}
