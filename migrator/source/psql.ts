import type { Problem } from "../errors";
import type { SqlSection } from "./migration";
import { quotedParts } from "./quoted";

/** A command of psql: outside of quotes and comments no SQL has a backslash. */
const command = /\\(?:[a-z_]+|[!?;.])/gi;
/** Rows follow it, up to a line of their own: `\.`. */
const copyFromStdin = /^[^\S\n]*copy\b[^;]*\bfrom\s+stdin\b[^;\n]*;[^\S\n]*$/gim;
const endOfRows = /^\\\.[^\S\n]*$/gm;

const rowsHint = "Dump rows as INSERT, with `pg_dump --inserts`; or write them in a TypeScript migration";

/** What to do instead, by command. */
const hints: readonly [commands: string, hint: string][] = [
  ["restrict unrestrict", "Delete the line: pg_dump writes it for psql alone"],
  ["connect c", "Delete the line: which database it is, DATABASE_URL says"],
  ["copy .", rowsHint],
  ["i include ir include_relative", "Write out the file that it includes"],
  ["set unset gset prompt getenv", "Write values where they are used: variables are psql's"],
  ["echo qecho warn", "Delete the line, or write a comment"],
  [
    "g gx gexec crosstabview watch",
    "End the statement with a semicolon; for SQL made by SQL use a DO block with EXECUTE",
  ],
  ["if elif else endif", "Write the condition in a DO block, or in a TypeScript migration"],
  ["encoding", "Delete the line: files are read as UTF-8"],
  ["q quit", "Delete the line and what stands behind it"],
  ["! setenv cd", "Run programs before the migrator, not in a migration"],
];

/**
 * Finds psql's commands in a section that is no SQL as it stands, and a COPY whose rows they do not end.
 *
 * @param file path for messages.
 */
export function psqlProblems(section: SqlSection, file: string): Problem[] {
  const { sql, copies } = withoutRows(section.sql);
  const commands = [...withoutQuoted(sql).matchAll(command)].map(({ 0: text, index }) => ({
    index,
    code: "psql-command",
    what: "is a command of psql, not SQL",
    hint: hintFor(text.slice(1).toLowerCase()),
  }));
  const copied = copies.map((index) => ({
    index,
    code: "copy-stdin",
    what: "reads from a client that sends nothing",
    hint: rowsHint,
  }));
  const lineAt = lineCounter(section);
  return [...commands, ...copied]
    .sort((a, b) => a.index - b.index)
    .map(({ index, code, what, hint }) => ({
      code,
      message: `${file}:${lineAt(index)}: "${lineAround(sql, index)}" ${what}`,
      hint: `${hint}.`,
    }));
}

/** Counts lines of the file; offsets come in order, so that each line is counted once. */
function lineCounter({ sql, firstLine }: SqlSection): (offset: number) => number {
  let [line, next] = [firstLine, sql.indexOf("\n")];
  return (offset) => {
    while (next !== -1 && next < offset) {
      line += 1;
      next = sql.indexOf("\n", next + 1);
    }
    return line;
  };
}

function hintFor(name: string): string {
  const [, hint] = hints.find(([names]) => names.split(" ").includes(name)) ?? [];
  return (
    hint ??
    (name.startsWith("d")
      ? "Delete the line: it only shows what there is"
      : "Delete the line, or write what it does in SQL")
  );
}

/** Rows of COPY are no SQL, and their apostrophes no quotes: blanks take their place. */
function withoutRows(text: string): { sql: string; copies: number[] } {
  const copies: number[] = [];
  const parts: string[] = [];
  let at = 0;
  copyFromStdin.lastIndex = 0;
  for (let copy = copyFromStdin.exec(text); copy; copy = copyFromStdin.exec(text)) {
    const rows = copyFromStdin.lastIndex;
    endOfRows.lastIndex = rows;
    const end = endOfRows.exec(text)?.index ?? text.length;
    if (end === text.length) {
      copies.push(copy.index + copy[0].search(/\S/));
    }
    parts.push(text.slice(at, rows), blanked(text.slice(rows, end)));
    copyFromStdin.lastIndex = end;
    at = end;
  }
  return { sql: parts.join("") + text.slice(at), copies };
}

/** The text with blanks in place of what is quoted or commented out. */
function withoutQuoted(sql: string): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, isClosed } of quotedParts(sql)) {
    if (isClosed) {
      parts.push(sql.slice(at, start), blanked(sql.slice(start, end)));
      at = end;
    }
  }
  return parts.join("") + sql.slice(at);
}

function blanked(text: string): string {
  return text.replace(/[^\n]/g, " ");
}

function lineAround(sql: string, index: number): string {
  const end = sql.indexOf("\n", index);
  return sql.slice(sql.lastIndexOf("\n", index - 1) + 1, end === -1 ? undefined : end).trim();
}
