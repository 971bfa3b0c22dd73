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
    excerpt: excerpt(line, sql.split("\n")[from.line] ?? "", from.column),
  };
}

/** The first character of a line of a file. */
export function atLine(line: number, text = ""): Located {
  return { line, column: 1, endLine: line, endColumn: text.length + 1, excerpt: excerpt(line, text, 0) };
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length - 1, column: before.length - (before.lastIndexOf("\n") + 1) };
}

function excerpt(line: number, text: string, column: number): string {
  const gutter = `${line} | `;
  // Tabs are kept, so that the caret stands below its place whatever their width.
  return `${gutter}${text}\n${" ".repeat(gutter.length)}${text.slice(0, column).replace(/[^\t]/g, " ")}^`;
}
