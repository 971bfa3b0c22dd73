import { redact } from "./redact";

/** Of a text that others wrote, in UTF-16 units: more than a person reads, less than a log cuts off. */
const longestText = 2_000;

/**
 * Cuts a text that others wrote, a server's or a file's, and says how much is left out. A fifth of what is left is its end,
 * which often says what the beginning is about.
 *
 * @param longest in UTF-16 units.
 */
export function bounded(text: string, longest = longestText): string {
  if (text.length <= longest) {
    return text;
  }
  const end = Math.round(longest / 5);
  const head = text.slice(0, wholeAt(text, longest - end));
  const tail = text.slice(wholeAt(text, text.length - end));
  const leftOut = (text.length - head.length - tail.length).toLocaleString("en-US");
  return `${hideEnd(head)} … (${leftOut} characters left out) … ${hideStart(tail)}`;
}

/** Of a line that is too long, as much as fits on a screen, before the place and behind it. */
const longestSide = 80;
/** As far beyond what is shown as a password may reach. */
const nearBy = 2_000;

/**
 * A line of a file with its number, and below it a caret at a place: of a long line what stands around it.
 *
 * @param column from 1, in UTF-16 units.
 */
export function excerptOf(line: string, lineNumber: number, column: number): string {
  const { text, at } = around(line.replace(/\r$/, ""), column - 1);
  const gutter = `${lineNumber} | `;
  return `${gutter}${text}\n${" ".repeat(gutter.length)}${blank(text.slice(0, at))}^`;
}

function around(line: string, place: number): { text: string; at: number } {
  const from = wholeAt(line, Math.max(0, place - nearBy));
  const to = wholeAt(line, place + nearBy);
  const near = hide(line.slice(from, to), place - from, from > 0, to < line.length);
  const start = wholeAt(near.text, Math.max(0, near.at - longestSide));
  const end = wholeAt(near.text, near.at + longestSide);
  const before = from > 0 || start > 0 ? "… " : "";
  const behind = to < line.length || end < near.text.length ? " …" : "";
  return { text: `${before}${near.text.slice(start, end)}${behind}`, at: near.at - start + before.length };
}

/** Redacts a part of a line, and finds the place in what it becomes: in front of what was hidden, if it was in there. */
function hide(text: string, at: number, isCutBefore: boolean, isCutBehind: boolean): { text: string; at: number } {
  const before = isCutBefore ? hideStart(text) : text;
  const hidden = redact(isCutBehind ? hideEnd(before) : before);
  let same = 0;
  while (same < at && hidden[same] === text[same]) {
    same += 1;
  }
  if (same === at) {
    return { text: hidden, at };
  }
  const rest = text.slice(at);
  return { text: hidden, at: hidden.endsWith(rest) ? hidden.length - rest.length : same };
}

/** What is left of an address whose beginning was cut off may be a password. */
function hideStart(text: string): string {
  return text.replace(/^\S*@/, "***@");
}

/** So may what follows the name in an address whose end was cut off. */
function hideEnd(text: string): string {
  return text.replace(/(:\/\/[^\s:/@]*:)[^\s@]*$/, "$1***");
}

/** The nearest place at or before one where no character is cut in two. */
function wholeAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff && at > 0 ? at - 1 : Math.min(at, text.length);
}

// Texts, made to expressions when they are asked for: to read them as literals takes a millisecond of every start.
/** What a terminal gives two columns: an ideographic space does as well. */
const wide =
  "[\\p{Script=Han}\\p{Script=Hangul}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Emoji_Presentation}" +
  "\\u3000-\\u303f\\uff01-\\uff60\\uffe0-\\uffe6]";
/** What it gives none: accents of their own and the like. */
const narrow = "[\\p{Mn}\\p{Me}\\p{Cf}]";

/** White space as wide as a text. Tabs are kept, so that it is so whatever their width. */
function blank(text: string): string {
  return text
    .replace(new RegExp(narrow, "gu"), "")
    .replace(new RegExp(wide, "gu"), "\u3000")
    .replace(/[^\t\u3000]/gu, " ");
}
