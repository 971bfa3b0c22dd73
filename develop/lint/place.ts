import { excerptOf } from "../../migrator/excerpt";
import type { SqlSection } from "../../migrator/source/migration";
import type { Place } from "./finding";

/** A place in a file with its line as an excerpt. */
export interface Located extends Place {
  readonly excerpt: string;
}

/**
 * Locates a part of a section in its file.
 *
 * @param start offset in the section, in UTF-16 units.
 * @param end offset behind the part.
 */
export function locate({ sql, firstLine }: SqlSection, start: number, end: number): Located {
  const from = lineAndColumn(sql, start);
  const to = lineAndColumn(sql, end);
  const line = firstLine + from.line;
  return {
    line,
    column: from.column + 1,
    endLine: firstLine + to.line,
    endColumn: to.column + 1,
    excerpt: excerptOf(sql.split("\n")[from.line] ?? "", line, from.column + 1),
  };
}

/** The first character of a line of a file. */
export function atLine(line: number, text = ""): Located {
  return { line, column: 1, endLine: line, endColumn: text.length + 1, excerpt: excerptOf(text, line, 1) };
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length - 1, column: before.length - (before.lastIndexOf("\n") + 1) };
}
