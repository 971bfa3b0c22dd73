import { type Problem, refusal } from "../../migrator/errors";
import type { Environment } from "../../migrator/settings";
import type { Migration, Source, SqlSection } from "../../migrator/source/migration";
import { parseSql } from "../../migrator/source/parser";
import { lineOf, textReader } from "../../migrator/source/statements";
import { clusterWideKind, suspiciousWords } from "./cluster-wide-statement";
import { isOwnServer, type ScratchOptions } from "./server";

/** SQL and where it stands. */
export interface SqlText {
  readonly sql: string;
  readonly file: string;
  /** Line of the file on which it begins, from 1. */
  readonly firstLine: number;
}

/** Longest text that is parsed only to be looked at, in UTF-16 units: a syntax tree takes a hundred times its text. */
const parserLimit = 2_000_000;

/**
 * Finds statements that change more than the database they run in: roles, settings, other databases, tablespaces. In a
 * scratch database beside the target they would change the real server (INV-12).
 */
export async function findClusterWide(texts: readonly SqlText[]): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const text of texts) {
    problems.push(...(await inText(text)));
  }
  return problems;
}

/**
 * Refuses them, unless the scratch databases' server is one's own.
 *
 * @throws refused (exit 4) with all of them.
 */
export async function refuseClusterWide(
  texts: readonly SqlText[],
  options: ScratchOptions,
  env: Environment,
): Promise<void> {
  const problems = isOwnServer(options, env) ? [] : await findClusterWide(texts);
  if (problems.length > 0) {
    throw refusal(problems);
  }
}

/** The SQL of a set of migrations, in both directions; modules are asked only when they run. */
export function sqlTexts({ migrations, repeatables, hooks }: Source): SqlText[] {
  const all = [...migrations, ...repeatables, hooks.beforeAll, hooks.afterAll];
  return all.flatMap((migration) => (migration ? sqlTextsOf(migration) : []));
}

function sqlTextsOf(migration: Migration): SqlText[] {
  const sections = migration.kind === "sql" ? [migration.up, migration.down] : [];
  return sections.flatMap((section) => (section ? [textOf(migration, section)] : []));
}

function textOf(migration: Migration, { sql, firstLine, file }: SqlSection): SqlText {
  return { sql, firstLine, file: file ?? migration.file };
}

async function inText(text: SqlText): Promise<Problem[]> {
  if (!suspiciousWords.test(text.sql)) {
    return [];
  }
  const section = { ...text, transaction: true };
  const parsed = text.sql.length > parserLimit ? undefined : await parseSql(text.sql).catch(() => undefined);
  if (!parsed) {
    return inWords(text);
  }
  const read = textReader(section);
  return (parsed.stmts ?? []).flatMap((raw) => {
    const { sql, offset } = read(raw);
    const kind = clusterWideKind((raw.stmt ?? {}) as Readonly<Record<string, unknown>>);
    return kind ? [problemAt(text, offset, sql, kind)] : [];
  });
}

/** What the parser cannot read, because the server is newer say, is judged by its words. */
function inWords(text: SqlText): Problem[] {
  const found = suspiciousWords.exec(text.sql);
  return found ? [problemAt(text, found.index, text.sql.slice(found.index), "the whole server, by its words")] : [];
}

function problemAt(text: SqlText, offset: number, sql: string, kind: string): Problem {
  const where = `${text.file}:${lineOf({ ...text, transaction: true }, offset)}`;
  return {
    code: "cluster-wide",
    message: `${where}: "${sql.split("\n")[0]}" changes ${kind}, from a scratch database beside the target too`,
    hint: "Use a server of your own for scratch databases: --scratch-url URL, or `--scratch-url embedded`.",
  };
}
