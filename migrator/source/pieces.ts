import { endOfQuoted } from "./quoted";

/** Whole statements of a text, one behind the other. */
export interface Piece {
  readonly sql: string;
  /** Offset of the piece in the text, in UTF-16 units. */
  readonly offset: number;
}

/**
 * Longest text that is left whole, in UTF-16 units. The server reads all of a message before it runs its first statement,
 * and a syntax tree takes many times its text.
 */
const wholeLength = 1_000_000;
/** About how long a piece is: what a socket takes at once, so that the server works while the next piece is cut. */
const pieceLength = 128 * 1024;

/** What quotes, groups or ends; all else of a statement is passed over. */
const mark = /[;'"$()]|--|\/\*/g;
/** Statements inside a function's body, without quotes; and a setting that changes what quotes are. */
const unreadable = /\bbegin(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)+atomic\b|standard_conforming_strings/i;

/** Whether a text is short enough to be left whole. */
export function isWhole(sql: string): boolean {
  return sql.length <= wholeLength;
}

/**
 * Cuts an SQL text behind ends of statements, for a server with standard_conforming_strings on. What it cannot tell
 * apart it leaves whole.
 *
 * @param length about how long a piece is.
 */
export function* cutIntoPieces(sql: string, length = pieceLength): Generator<Piece> {
  let start = 0;
  if (!unreadable.test(sql)) {
    for (const end of statementEnds(sql)) {
      if (end - start >= length) {
        yield { sql: sql.slice(start, end), offset: start };
        start = end;
      }
    }
  }
  // What stands behind the last cut may be white space; the server does not mind.
  yield { sql: sql.slice(start), offset: start };
}

/** Offsets behind the semicolons that end a statement. Stops where something that was opened is not closed. */
function* statementEnds(sql: string): Generator<number> {
  let depth = 0;
  let at = 0;
  while (at !== -1) {
    mark.lastIndex = at;
    const found = mark.exec(sql);
    if (!found) {
      return;
    }
    at = found.index + 1;
    const [token] = found;
    if (token === ";" && depth === 0) {
      yield at;
    } else if (token === "(" || token === ")") {
      depth += token === "(" ? 1 : -1;
    } else if (token !== ";") {
      at = endOfQuoted(sql, found.index, token);
    }
  }
}
