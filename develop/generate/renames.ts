import { type Client, type DatabaseError, escapeLiteral } from "pg";
import { quoteIdentifier } from "../../migrator/connection/quote";
import { type Problem, usageError } from "../../migrator/errors";
import { formatStatement } from "./format";

/** What is renamed keeps its data; without the hint it would be dropped and made anew. */
export interface RenameHint {
  readonly kind: RenameKind;
  /** Old name in its parts, schema first: `["public", "orders", "total"]`. */
  readonly from: readonly string[];
  /** New name; for a table it may have a schema of its own. */
  readonly to: readonly string[];
  /** As given. */
  readonly text: string;
}

type RenameKind = keyof typeof kinds;

interface Kind {
  /** Parts of a name without its schema. */
  readonly parts: number;
  readonly statements: (from: readonly string[], to: readonly string[]) => string[];
}

const quoted = (parts: readonly string[]) => parts.map(quoteIdentifier).join(".");
const last = (parts: readonly string[]) => parts.at(-1) ?? "";

/** ALTER <word> s.old RENAME TO new. */
const whole = (word: string) => (from: readonly string[], to: readonly string[]) => [
  `ALTER ${word} ${quoted(from)} RENAME TO ${quoteIdentifier(last(to))}`,
];

/** A relation or a type may move to another schema as well. */
const movable = (word: string) => (from: readonly string[], to: readonly string[]) => {
  const [schema = "", name = ""] = to.length > 1 ? to : [from[0] ?? "", to[0] ?? ""];
  const moved = [schema, last(from)];
  return [
    ...(schema === from[0] ? [] : [`ALTER ${word} ${quoted(from)} SET SCHEMA ${quoteIdentifier(schema)}`]),
    ...(name === last(from) ? [] : [`ALTER ${word} ${quoted(moved)} RENAME TO ${quoteIdentifier(name)}`]),
  ];
};

/** ALTER <word> s.t RENAME <part> old TO new. */
const part = (word: string, partWord: string) => (from: readonly string[], to: readonly string[]) => [
  `ALTER ${word} ${quoted(from.slice(0, -1))} RENAME ${partWord} ${quoteIdentifier(last(from))} TO ${quoteIdentifier(last(to))}`,
];

const kinds = {
  schema: { parts: 0, statements: whole("SCHEMA") },
  table: { parts: 1, statements: movable("TABLE") },
  view: { parts: 1, statements: movable("VIEW") },
  "materialized-view": { parts: 1, statements: movable("MATERIALIZED VIEW") },
  sequence: { parts: 1, statements: movable("SEQUENCE") },
  index: { parts: 1, statements: whole("INDEX") },
  type: { parts: 1, statements: movable("TYPE") },
  column: { parts: 2, statements: part("TABLE", "COLUMN") },
  constraint: { parts: 2, statements: part("TABLE", "CONSTRAINT") },
  attribute: { parts: 2, statements: part("TYPE", "ATTRIBUTE") },
  value: {
    parts: 2,
    statements: (from, to) => [
      `ALTER TYPE ${quoted(from.slice(0, -1))} RENAME VALUE ${escapeLiteral(last(from))} TO ${escapeLiteral(last(to))}`,
    ],
  },
} satisfies Record<string, Kind>;

/** Renames of what holds others come first, so that the others are found by the new name of it. */
const order: readonly RenameKind[] = ["schema", "table", "view", "materialized-view", "sequence", "type"];

/**
 * Reads hints such as `table:orders=invoices`, `column:public.orders.total=amount`, `value:status.open=opened`. Names are
 * written as in SQL: quoted where they hold capitals or dots. Without a schema, `public` is meant.
 *
 * @throws usage (exit 2) with every problem.
 */
export function parseRenames(texts: readonly string[]): RenameHint[] {
  const problems: Problem[] = [];
  const hints = texts.flatMap((text) => {
    const [, kind = "", names = ""] = /^([a-z-]+):(.*)$/s.exec(text) ?? [];
    const [from, to, ...more] = splitNames(names, "=").map((side) => splitNames(side, ".").map(unquote));
    const known = Object.hasOwn(kinds, kind) ? kinds[kind as RenameKind] : undefined;
    const isNamed = [...(from ?? []), ...(to ?? [])].every((part) => part !== "");
    const fits = (count: number) => known && (count === known.parts || count === known.parts + 1);
    if (
      !known ||
      !from ||
      !to ||
      !isNamed ||
      more.length > 0 ||
      !(kind === "schema" ? from.length === 1 : fits(from.length))
    ) {
      problems.push({
        code: "bad-rename",
        message: `"${text}" is no rename`,
        hint: `Write table:old=new, column:table.old=new, or one of ${Object.keys(kinds).join(", ")}.`,
      });
      return [];
    }
    const qualified = kind === "schema" || from.length > known.parts ? from : ["public", ...from];
    return [{ kind: kind as RenameKind, from: qualified, to, text }];
  });
  if (problems.length > 0) {
    throw usageError(problems);
  }
  return follow(hints.sort((a, b) => rank(a) - rank(b)));
}

/** A hint may call what holds it by its old name, which is gone by the time of the hint. */
function follow(hints: readonly RenameHint[]): RenameHint[] {
  const followed: RenameHint[] = [];
  for (const hint of hints) {
    let { from } = hint;
    for (const earlier of followed) {
      const { length } = earlier.from;
      if (from.length > length && earlier.from.every((name, index) => name === from[index])) {
        const schema = earlier.kind === "schema" ? [] : earlier.from.slice(0, 1);
        from = [...(earlier.to.length > 1 ? [] : schema), ...earlier.to, ...from.slice(length)];
      }
    }
    followed.push({ ...hint, from });
  }
  return followed;
}

function rank({ kind }: RenameHint): number {
  const index = order.indexOf(kind);
  return index === -1 ? order.length : index;
}

/** Splits at a character outside of double quotes. */
function splitNames(text: string, separator: string): string[] {
  return text.split(new RegExp(`\\${separator}(?=(?:[^"]*"[^"]*")*[^"]*$)`));
}

/** As PostgreSQL reads a name: folded to lower case unless quoted. */
function unquote(name: string): string {
  const trimmed = name.trim();
  return /^".*"$/s.test(trimmed) ? trimmed.slice(1, -1).replaceAll('""', '"') : trimmed.toLowerCase();
}

/** The way back. */
function reverse(hint: RenameHint): RenameHint {
  const { from, to } = hint;
  const holder = to.length > 1 ? to.slice(0, -1) : from.slice(0, -1);
  const wasMoved = to.length > 1 && to[0] !== from[0];
  return { ...hint, from: [...holder, last(to)], to: wasMoved ? from : [last(from)] };
}

/** SQLSTATEs of a name that is taken: duplicate_table, duplicate_column, duplicate_object, duplicate_schema. */
const taken = new Set(["42P07", "42701", "42710", "42P06"]);

/**
 * Applies hints to a scratch database. Where two swap their names, one of them waits under a name of its own.
 *
 * @returns the statements, in order.
 * @throws usage (exit 2) naming the hint that does not fit the schema.
 */
export async function applyRenames(
  client: Client,
  hints: readonly RenameHint[],
  direction: "up" | "down",
): Promise<string[]> {
  const done: string[] = [];
  const parked: RenameHint[] = [];
  const steps = direction === "up" ? [...hints] : [...hints].reverse().map(reverse);
  for (const step of steps) {
    const error = await rename(client, step, done);
    if (error && taken.has(error.code ?? "")) {
      const waiting = [...step.to.slice(0, -1), `${last(step.to)}_waiting`];
      await insist(client, { ...step, to: waiting }, done);
      parked.push({ ...step, from: reverse({ ...step, to: waiting }).from });
    } else if (error) {
      throw mismatch(step, error);
    }
  }
  for (const step of parked) {
    await insist(client, step, done);
  }
  return Promise.all(done.map(formatStatement));
}

async function insist(client: Client, step: RenameHint, done: string[]): Promise<void> {
  const error = await rename(client, step, done);
  if (error) {
    throw mismatch(step, error);
  }
}

async function rename(client: Client, step: RenameHint, done: string[]): Promise<DatabaseError | undefined> {
  for (const sql of kinds[step.kind].statements(step.from, step.to)) {
    try {
      await client.query(sql);
      done.push(sql);
    } catch (error) {
      return error as DatabaseError;
    }
  }
  return undefined;
}

function mismatch({ text }: RenameHint, error: Error) {
  return usageError({
    code: "rename-mismatch",
    message: `the rename ${text} does not fit the schema: ${error.message}`,
    hint: "The old name must exist after all migrations, and the new one in the models only.",
  });
}
