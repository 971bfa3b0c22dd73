import type { ScanToken } from "libpg-query";
import { escapeIdentifier } from "pg";
import { parseSql } from "../../migrator/source/parser";
import type { Task } from "./model-session";

interface Constraint {
  readonly contype?: string;
  readonly conname?: string;
  /** In bytes. @default 0 */
  readonly location?: number;
}

interface TableElement {
  readonly ColumnDef?: { readonly colname?: string; readonly constraints?: readonly { Constraint?: Constraint }[] };
  readonly Constraint?: Constraint;
}

interface CreateTable {
  readonly relation?: { readonly schemaname?: string; readonly relname?: string };
  readonly tableElts?: readonly TableElement[];
}

/** A foreign key inside CREATE TABLE. */
interface ForeignKey {
  readonly start: number;
  /** The constraint behind it in the same column; undefined: it reaches up to a comma or the end of the list. */
  readonly next?: number;
  /** The column it stands at; undefined: it names its columns itself. */
  readonly column?: string;
}

/**
 * Takes the foreign keys out of CREATE TABLE statements and makes them statements of their own behind them, under the
 * names that PostgreSQL gives them either way. Tables that refer to each other cannot be made otherwise.
 *
 * @returns undefined when there are none.
 */
export async function separateForeignKeys(tasks: readonly Task[]): Promise<Task[] | undefined> {
  const separated = await Promise.all(tasks.map(separate));
  return separated.some((parts) => parts.length > 1) ? separated.flat() : undefined;
}

async function separate(task: Task): Promise<Task[]> {
  const { sql } = task.statement;
  const [raw, another] = (await parseSql(sql)).stmts ?? [];
  const { CreateStmt: table } = (another ? {} : (raw?.stmt ?? {})) as { CreateStmt?: CreateTable };
  const keys = (table?.tableElts ?? []).flatMap(foreignKeys);
  if (!table || keys.length === 0) {
    return [task];
  }
  const { scan } = await import("libpg-query");
  const text = new TokenText(sql, (await scan(sql)).tokens);
  const { schemaname, relname = "" } = table.relation ?? {};
  const name = [schemaname, relname].flatMap((part) => (part ? [escapeIdentifier(part)] : [])).join(".");
  const added = keys.map((key): Task => {
    const own = text.cut(key);
    const lineStart = own.before.lastIndexOf("\n") + 1;
    const { firstLine, linePrefix = "" } = task.statement;
    return {
      settings: task.settings,
      statement: {
        ...task.statement,
        sql: own.sql,
        firstLine: firstLine + own.before.split("\n").length - 1,
        linePrefix: (lineStart === 0 ? linePrefix : "") + own.before.slice(lineStart),
        creates: undefined,
      },
      written: `ALTER TABLE ${name} ADD ${withColumn(own, key.column)}`,
    };
  });
  return [{ ...task, blanked: text.remaining() }, ...added];
}

function foreignKeys({ ColumnDef: column, Constraint: own }: TableElement): ForeignKey[] {
  if (own?.contype === "CONSTR_FOREIGN") {
    return [{ start: own.location ?? 0 }];
  }
  const constraints = (column?.constraints ?? []).flatMap(({ Constraint: constraint }) => constraint ?? []);
  return constraints.flatMap((constraint, index) => {
    if (constraint.contype !== "CONSTR_FOREIGN") {
      return [];
    }
    // DEFERRABLE and the like are constraints to the parser, and belong to the key in front of them.
    const next = constraints.slice(index + 1).find(({ contype = "" }) => !contype.startsWith("CONSTR_ATTR_"));
    return [{ start: constraint.location ?? 0, next: next?.location, column: column?.colname }];
  });
}

function withColumn({ sql, beforeReferences }: Cut, column: string | undefined): string {
  return column === undefined
    ? sql
    : `${sql.slice(0, beforeReferences)}FOREIGN KEY (${escapeIdentifier(column)}) ${sql.slice(beforeReferences)}`;
}

/** What was cut out of a text. */
interface Cut {
  readonly sql: string;
  /** The text in front of it. */
  readonly before: string;
  /** Length of what stands in it in front of REFERENCES. */
  readonly beforeReferences: number;
}

/** SQL with its tokens, out of which pieces are cut; what remains stays where it is. The scanner counts bytes. */
class TokenText {
  private readonly bytes: Buffer;
  private readonly tokens: readonly ScanToken[];
  private readonly removed: { start: number; end: number }[] = [];

  constructor(sql: string, tokens: readonly ScanToken[]) {
    this.bytes = Buffer.from(sql);
    this.tokens = tokens.filter(({ tokenName }) => !tokenName.endsWith("_COMMENT"));
  }

  cut({ start, next, column }: ForeignKey): Cut {
    const first = this.tokens.findIndex((token) => token.start >= start);
    const behind = this.endOf(first, next);
    const end = this.tokens[behind - 1]?.end ?? start;
    const references = this.tokens.slice(first).find(({ text }) => text.toLowerCase() === "references");
    this.removed.push({ start, end });
    if (column === undefined) {
      this.removeComma(first - 1, behind);
    }
    return {
      sql: this.slice(start, end),
      before: this.slice(0, start),
      beforeReferences: this.slice(start, references?.start ?? start).length,
    };
  }

  /** The text with blanks for what was cut out, so that places in it are still those of the file. */
  remaining(): string {
    let [text, end] = ["", 0];
    for (const piece of [...this.removed].sort((a, b) => a.start - b.start)) {
      text += this.slice(end, piece.start) + this.slice(piece.start, piece.end).replace(/[^\n]/gu, " ");
      end = piece.end;
    }
    return text + this.slice(end);
  }

  /** Index of the token behind a constraint. */
  private endOf(first: number, next: number | undefined): number {
    let depth = 0;
    for (let index = first; index < this.tokens.length; index += 1) {
      const { text, start } = this.tokens[index] as ScanToken;
      if (depth === 0 && (text === "," || text === ")" || start === next)) {
        return index;
      }
      depth += text === "(" ? 1 : text === ")" ? -1 : 0;
    }
    return this.tokens.length;
  }

  /** Removes the comma in front of a list's element, or behind it when there is none. */
  private removeComma(before: number, behind: number): void {
    const comma = [before, behind]
      .flatMap((index) => this.tokens[index] ?? [])
      .find(({ text, start }) => text === "," && !this.removed.some((piece) => piece.start === start));
    if (comma) {
      this.removed.push({ start: comma.start, end: comma.end });
    }
  }

  private slice(start: number, end?: number): string {
    return this.bytes.subarray(start, end).toString();
  }
}
