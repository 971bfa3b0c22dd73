import { endOfBlock } from "./blank";

const dollarQuote = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
/** A string in quotes goes on in the next quotes; comments may stand between. */
const continuation = /(?:\s|--[^\n]*)*'/y;
const identifierPart = /[\w$\u0080-\uffff]/;
const opening = /['"$]|--|\/\*/g;

/** A stretch of an SQL text in which nothing is what it is elsewhere. */
export interface Quoted {
  /** What it is, in words. */
  readonly what: string;
  readonly start: number;
  /** Offset behind it; the text's length where it does not end. */
  readonly end: number;
  readonly isClosed: boolean;
}

const words: Readonly<Record<string, string>> = {
  "'": "a string",
  '"': "a quoted name",
  "--": "a comment",
  "/*": "a comment",
  $: "a dollar-quoted string",
};

/** Finds what is quoted or commented out in an SQL text, one behind the other. */
export function* quotedParts(sql: string): Generator<Quoted> {
  let at = 0;
  for (;;) {
    opening.lastIndex = at;
    const found = opening.exec(sql);
    if (!found) {
      return;
    }
    const [token] = found;
    const end = endOfQuoted(sql, found.index, token);
    at = end === -1 ? sql.length : end;
    if (token !== "$" || at > found.index + 1) {
      // A comment on the last line ends there.
      yield { what: words[token] ?? "", start: found.index, end: at, isClosed: end !== -1 || token === "--" };
    }
  }
}

/**
 * Finds the end of what quotes or comments, for a server with standard_conforming_strings on.
 *
 * @param token what it begins with: `'`, `"`, `--`, `/*`, or `$`, which may also be none.
 * @returns the offset behind it, or -1 where it does not end.
 */
export function endOfQuoted(sql: string, start: number, token: string): number {
  switch (token) {
    case "'":
      return isEscapeString(sql, start) ? endOfEscapeString(sql, start) : behind(sql, "'", start + 1);
    case '"':
      return behind(sql, '"', start + 1);
    case "--":
      return behind(sql, "\n", start);
    case "/*":
      return endOfBlock(sql, start);
    default:
      return endOfDollarQuoted(sql, start);
  }
}

function behind(sql: string, text: string, from: number): number {
  const found = sql.indexOf(text, from);
  return found === -1 ? -1 : found + text.length;
}

/** Whether the quotes are those of E'…', in which a backslash escapes. */
function isEscapeString(sql: string, quote: number): boolean {
  return /[eE]/.test(sql[quote - 1] ?? "") && !identifierPart.test(sql[quote - 2] ?? "");
}

function endOfEscapeString(sql: string, quote: number): number {
  const special = /['\\]/g;
  special.lastIndex = quote + 1;
  for (let found = special.exec(sql); found; found = special.exec(sql)) {
    if (found[0] === "\\") {
      special.lastIndex += 1;
      continue;
    }
    continuation.lastIndex = special.lastIndex;
    if (!continuation.test(sql)) {
      return special.lastIndex;
    }
    special.lastIndex = continuation.lastIndex;
  }
  return -1;
}

/** A dollar may also be part of a name or of a parameter. */
function endOfDollarQuoted(sql: string, start: number): number {
  dollarQuote.lastIndex = start;
  const [tag] = (!identifierPart.test(sql[start - 1] ?? "") && dollarQuote.exec(sql)) || [];
  return tag === undefined ? start + 1 : behind(sql, tag, start + tag.length);
}
