import { readFile } from "node:fs/promises";
import { withOutputAside } from "../../migrator/run/capture-output";
import { decodeText } from "../../migrator/source/checksum";
import type { Migration, ModuleMigration, Source, SqlMigration, SqlSection } from "../../migrator/source/migration";
import type { Finding, Remark } from "./finding";
import { applyIgnores, headLength, type Ignores, readHead, readSection } from "./ignores";
import { type Judgement, judgeDown, judgeSection } from "./judge/judge";
import { atLine, type Located, locate } from "./place";
import { inspectAll } from "./refused";
import { rules } from "./rules";
import { Schema } from "./schema";
import { askSquawk, type SquawkRemark } from "./squawk";
import { type ParsedStatement, parseSection, unitsOf } from "./statement";

/** Findings of a migration's own, and what squawk is to be asked. */
interface Draft {
  readonly migration: Migration;
  readonly lines: readonly string[];
  readonly findings: Finding[];
  readonly ignores: Ignores[];
  /** The up section as it was judged; squawk's findings are told beside. */
  up?: { readonly section: SqlSection; readonly judgements: readonly Judgement[] };
}

/**
 * Finds what would hurt a database under traffic in the texts of migrations; asks no database. The migrations in front of
 * them are read as well, for what they tell of the tables. Of `down` only what cannot run is told.
 *
 * @param names migrations, repeatable objects and hooks to tell of. @default all
 * @returns findings in the order of the files; none where all is well.
 * @throws usage (exit 2) when squawk is missing.
 */
export async function lintMigrations(
  source: Source,
  names?: readonly string[],
  signal?: AbortSignal,
): Promise<Finding[]> {
  const { hooks, migrations, repeatables } = source;
  const all = [...migrations, ...repeatables, hooks.beforeAll, hooks.afterAll].filter((one) => one !== undefined);
  const wanted = new Set(names ?? all.map(({ name }) => name));
  const schema = new Schema();
  const drafts: Draft[] = [];
  for (const migration of all) {
    signal?.throwIfAborted();
    schema.begin();
    const draft = await draftOf(migration, schema, wanted.has(migration.name));
    if (wanted.has(migration.name)) {
      drafts.push(draft);
    }
  }
  await addSquawk(drafts, signal);
  return drafts.flatMap(conclude);
}

async function draftOf(migration: Migration, schema: Schema, isWanted: boolean): Promise<Draft> {
  const text = isWanted ? decodeText(await readFile(migration.file)) : "";
  const draft: Draft = { migration, lines: text.split("\n"), findings: [], ignores: [] };
  if (migration.kind === "sql") {
    await draftSql(draft, migration, schema);
  } else if (isWanted) {
    await draftModule(draft, migration);
  }
  const canRevert = migration.kind !== "sql" || migration.down !== undefined || migration.name.includes("/");
  if (!canRevert) {
    draft.findings.push(fileFinding(draft, { rule: "no-down", what: `${migration.name} has no down` }));
  }
  return draft;
}

async function draftSql(draft: Draft, migration: SqlMigration, schema: Schema): Promise<void> {
  const { up, down } = migration;
  const head = up.firstLine === 1 ? headLength(up.sql) : Math.min(up.firstLine, down?.firstLine ?? up.firstLine) - 2;
  draft.ignores.push(readHead((up.firstLine === 1 ? up.sql.split("\n") : draft.lines).slice(0, head)));
  for (const section of down ? [up, down] : [up]) {
    const parsed = await parseSection(section);
    draft.findings.push(
      ...(await inspectAll(migration, section)).map((one) => sectionFinding(migration, section, one)),
    );
    if ("message" in parsed) {
      const { message, offset } = parsed;
      const end = section.sql.indexOf("\n", offset);
      const place = locate(section, offset, end === -1 ? section.sql.length : end);
      draft.findings.push(finding(migration, section.file, { rule: "syntax", what: message }, place));
      continue;
    }
    const { statements } = parsed;
    const judgements = (section === up ? judgeSection : judgeDown)(section, statements, schema);
    draft.findings.push(
      ...judgements.flatMap(({ statement, remarks }) =>
        remarks.map((remark) => finding(migration, section.file, remark, placeOf(section, statement, remark.at))),
      ),
    );
    draft.ignores.push(readSection(section, statements, section === up && up.firstLine === 1 ? head : 0));
    if (section === up) {
      draft.up = { section, judgements };
    }
  }
}

/** Of code only what it declares is known; the SQL it sends is not read. */
async function draftModule(draft: Draft, migration: ModuleMigration): Promise<void> {
  const end = draft.lines.findIndex((line) => !/^\s*(\/\/|\/?\*|$)/.test(line));
  draft.ignores.push(readHead(end === -1 ? draft.lines : draft.lines.slice(0, end)));
  const add = (remark: Remark) => draft.findings.push(fileFinding(draft, remark));
  try {
    const { down, lockTimeoutMs } = await withOutputAside(migration.load);
    if (!down && !migration.name.includes("/")) {
      add({ rule: "no-down", what: `${migration.name} exports no down` });
    }
    if (lockTimeoutMs === 0) {
      add({ rule: "no-lock-timeout", what: "lockTimeoutMs is 0: waits for locks have no end" });
    }
  } catch (cause) {
    add({ rule: "refused", what: cause instanceof Error ? cause.message : String(cause) });
  }
}

function placeOf(section: SqlSection, { offset, sql }: ParsedStatement, at: number | undefined): Located {
  const start = at === undefined ? offset : unitsOf(section.sql, at);
  return locate(section, start, offset + sql.length);
}

function sectionFinding(
  migration: Migration,
  section: SqlSection,
  { what, line, instead }: { what: string; line: number; instead?: string },
): Finding {
  const text = section.sql.split("\n")[line - section.firstLine];
  return finding(migration, section.file, { rule: "refused", what, instead }, atLine(line, text));
}

function fileFinding({ migration, lines }: Draft, remark: Remark): Finding {
  return finding(migration, undefined, remark, atLine(1, lines[0]));
}

function finding(migration: Migration, file: string | undefined, remark: Remark, place: Located): Finding {
  const { level, why, instead } = rules[remark.rule];
  return {
    rule: remark.rule,
    level,
    migration: migration.name,
    file: file ?? migration.file,
    ...place,
    what: remark.what,
    why: remark.why ?? why,
    instead: remark.instead ?? instead,
    engine: "schemagate",
  };
}

/** Adds what squawk finds where our rules found nothing of the kind in the same statement. */
async function addSquawk(drafts: readonly Draft[], signal?: AbortSignal): Promise<void> {
  const asked = drafts.flatMap((draft) => (draft.up ? [{ draft, up: draft.up }] : []));
  const answers = await askSquawk(
    asked.map(({ up: { section } }) => section),
    signal,
  );
  asked.forEach(({ draft, up }, index) => {
    for (const answer of answers[index] ?? []) {
      draft.findings.push(...squawkFinding(draft, up, answer));
    }
  });
}

/** Rules that are about a name or a type, whatever table it is in. */
const aboutNames = new Set<string>(["identifier-too-long", "domain-constraint"]);

function squawkFinding(
  { migration }: Draft,
  { section, judgements }: NonNullable<Draft["up"]>,
  found: SquawkRemark,
): Finding[] {
  const before = section.sql.split("\n").slice(0, found.line);
  const start = before.reduce((sum, line) => sum + line.length + 1, 0);
  const offset = start + unitsOf(section.sql.slice(start), found.column);
  const judgement = judgements.find(({ statement }) => offset <= statement.offset + statement.sql.length);
  const known =
    judgement?.remarks.some(({ rule }) => rule === found.rule) || (judgement?.onlyNew && !aboutNames.has(found.rule));
  if (!judgement || known) {
    return [];
  }
  const { statement } = judgement;
  const place = locate(section, offset, statement.offset + statement.sql.length);
  const remark = { rule: found.rule, what: found.message.replace(/\.$/, ""), instead: found.help };
  return [{ ...finding(migration, section.file, remark, place), engine: "squawk" }];
}

function conclude(draft: Draft): Finding[] {
  const { migration, lines } = draft;
  const ignores = {
    ignores: draft.ignores.flatMap((one) => one.ignores),
    bad: draft.ignores.flatMap((one) => one.bad),
  };
  const { left, wrong } = applyIgnores(draft.findings, ignores);
  const bad = wrong.map(({ line, what }) =>
    finding(migration, undefined, { rule: "bad-ignore", what }, atLine(line, lines[line - 1])),
  );
  return [...left, ...bad].sort((a, b) => a.line - b.line || a.column - b.column);
}
