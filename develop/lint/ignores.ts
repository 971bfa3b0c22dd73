import type { SqlSection } from "../../migrator/source/migration";
import type { Finding } from "./finding";
import { isRuleName, notIgnorable, ruleNames } from "./rules";
import type { ParsedStatement } from "./statement";

/** One rule that a comment asks to ignore. */
export interface Ignore {
  /** As it is written; it may be unknown. */
  readonly rule: string;
  /** Line of the comment in its file, from 1. */
  readonly line: number;
  /** Lines of the statement that it is for; absent: the whole file. */
  readonly lines?: { readonly first: number; readonly last: number };
}

/** The ignores of a file, and the comments that are meant to be some and are not. */
export interface Ignores {
  readonly ignores: readonly Ignore[];
  readonly bad: readonly { readonly line: number; readonly what: string }[];
}

const comment = /^[ \t]*(?:--|\/\/|\/?\*+)[ \t]*lint:ignore\b(.*)$/;
/** The same behind a statement. */
const trailing = /--[ \t]*lint:ignore\b(.*)$/;
const form = /^\s+([\w-]+(?:\s*,\s*[\w-]+)*)\s*:\s*(\S.*)$/;

/** Reads the ignores in the lines of a file's head: they hold for all of it. */
export function readHead(lines: readonly string[]): Ignores {
  return collect(lines.map((text, index) => ({ text: comment.exec(text)?.[1], line: index + 1 })));
}

/**
 * Reads the ignores of a section: each is for the statement below it, or the one it stands in or behind.
 *
 * @param skip lines of the section that were read as the file's head.
 */
export function readSection(section: SqlSection, statements: readonly ParsedStatement[], skip: number): Ignores {
  if (!section.sql.includes("lint:ignore")) {
    return { ignores: [], bad: [] };
  }
  const spans = statements.map(({ offset, sql }) => ({
    first: section.firstLine + lineAt(section.sql, offset),
    last: section.firstLine + lineAt(section.sql, offset + sql.length),
  }));
  const lines = section.sql.split("\n");
  return collect(
    lines.slice(skip).map((text, index) => {
      const line = section.firstLine + skip + index;
      const span = spans.find(({ last }) => last >= line);
      const inside = span !== undefined && span.first <= line;
      const found = (inside ? trailing : comment).exec(text)?.[1];
      return { text: found, line, lines: span ?? { first: line, last: line } };
    }),
  );
}

/** Lines of a whole-file section that are its head: comments, closed off by an empty line. */
export function headLength(text: string): number {
  const lines = text.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("--"));
  return end > 0 && lines[end]?.trim() === "" ? end : 0;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length - 1;
}

function collect(comments: readonly { text?: string; line: number; lines?: Ignore["lines"] }[]): Ignores {
  const ignores: Ignore[] = [];
  const bad: { line: number; what: string }[] = [];
  for (const { text, line, lines } of comments) {
    if (text === undefined) {
      continue;
    }
    const [, names] = form.exec(text.replace(/\*\/\s*$/, "")) ?? [];
    if (names === undefined) {
      bad.push({ line, what: `"lint:ignore${text}" has no rule or no reason: "lint:ignore rule: reason"` });
    }
    for (const rule of names?.split(",") ?? []) {
      ignores.push({ rule: rule.trim(), line, lines });
    }
  }
  return { ignores, bad };
}

/** What is left of a file's findings, and what is wrong with its ignores, as lines and words. */
export function applyIgnores(findings: readonly Finding[], { ignores, bad }: Ignores) {
  const used = new Set<Ignore>();
  const left = findings.filter((finding) => {
    const matching = ignores.filter((ignore) => matches(ignore, finding));
    for (const ignore of matching) {
      used.add(ignore);
    }
    return matching.length === 0;
  });
  const unused = ignores
    .filter((ignore) => !used.has(ignore))
    .map(({ rule, line }) => ({ line, what: describeUnused(rule) }));
  return { left, wrong: [...bad, ...unused] };
}

function matches({ rule, lines }: Ignore, finding: Finding): boolean {
  const isHere = lines === undefined || (finding.line >= lines.first && finding.line <= lines.last);
  return isHere && rule === finding.rule && !notIgnorable.has(finding.rule);
}

function describeUnused(rule: string): string {
  if (!isRuleName(rule)) {
    return `lint:ignore of "${rule}": there is no such rule, only ${ruleNames.join(", ")}`;
  }
  return notIgnorable.has(rule)
    ? `lint:ignore of ${rule}: this rule cannot be ignored`
    : `lint:ignore of ${rule} ignores nothing: there is no such finding here`;
}
