import type { Client } from "pg";
import type { Column, Data, Sequence, Value } from "./rows";

/** Where what a name stood for is found afterwards. */
export interface Naming {
  readonly table: (name: string) => string;
  /** @param name with its table, both as before. */
  readonly column: (name: string) => string;
  readonly sequence: (name: string) => string;
  readonly value: (value: string) => string;
  /** @param name of an attribute with its type, both as before. */
  readonly attribute: (name: string) => string;
}

/**
 * What data a change took with it without a word.
 *
 * @param after a connection to the database afterwards, which knows how to cast.
 * @param announced what was said to be lost: kind and name.
 * @returns kind and name, and what became of it.
 */
export async function findSilentLosses(
  before: Data,
  now: Data,
  { naming, announced, after }: { naming: Naming; announced: ReadonlySet<string>; after: Client },
): Promise<string[]> {
  const lost: string[] = [];
  const report = (object: string, what: string) => {
    if (!announced.has(object)) {
      lost.push(`${object}: ${what}`);
    }
  };
  for (const [table, columns] of before.tables) {
    if (announced.has(`table ${table}`) || ![...columns.values()].some(({ values }) => values.length > 0)) {
      continue;
    }
    const left = now.tables.get(naming.table(table));
    if (!left) {
      report(`table ${table}`, "its rows are gone");
      continue;
    }
    const kept: Kept[] = [];
    for (const [name, column] of columns) {
      const found = left.get(naming.column(`${table}.${name}`));
      if (found && !announced.has(`column ${table}.${name}`) && !isTypeAnnounced(column.typeName, announced)) {
        kept.push({ object: `column ${table}.${name}`, was: column, is: found });
      } else if (!found && !column.computed && column.values.some((value) => value !== null)) {
        report(`column ${table}.${name}`, "its values are gone");
      }
    }
    lost.push(...(await compareRows(table, kept, naming, after)));
  }
  for (const [name, sequence] of before.sequences) {
    const is = findSequence(name, sequence, now, naming);
    if (sequence.position !== null && is?.position !== sequence.position && !isGoneWithColumn(sequence, now, naming)) {
      report(`sequence ${name}`, `stood at ${sequence.position}, is ${is ? `at ${is.position}` : "gone"}`);
    }
  }
  return lost;
}

/** A type that loses a value or an attribute stands for the columns that are of it. */
function isTypeAnnounced(typeName: string, announced: ReadonlySet<string>): boolean {
  return [...announced].some((object) => object === `type ${typeName}` || object.startsWith(`attribute ${typeName}.`));
}

interface Kept {
  readonly object: string;
  readonly was: Column;
  readonly is: Column;
}

/** Rows have no order: they are compared as a bag, over the columns that are left. */
async function compareRows(table: string, columns: readonly Kept[], naming: Naming, after: Client): Promise<string[]> {
  const comparable = columns.filter(({ was, is }) => !was.computed && !is.computed);
  const expected: (readonly Value[])[] = [];
  for (const { was, is } of comparable) {
    expected.push(await cast(was, is, naming, after));
  }
  const rowsOf = (values: readonly (readonly Value[])[]) =>
    (values[0] ?? []).map((_, row) => JSON.stringify(values.map((column) => column[row]))).sort();
  const [want, have] = [rowsOf(expected), rowsOf(comparable.map(({ was, is }) => printed(was, is, naming)))];
  return want.join("\n") === have.join("\n")
    ? []
    : [`table ${table}: its rows were ${want.join(" ")}, are ${have.join(" ")}`];
}

/** Values as the new type prints them. A string must be the same string. */
async function cast(was: Column, is: Column, naming: Naming, after: Client): Promise<readonly Value[]> {
  if (was.type === is.type || isOfCategory("S", was, is) || isOfCategory("C", was, is)) {
    return printed(was, was, naming).map((value) => (value === null ? null : naming.value(value)));
  }
  const values: Value[] = [];
  for (const [row, value] of was.values.entries()) {
    // Types without a cast through text, such as boolean to integer: that there is a value must do.
    const failed = () => (value === null ? null : (is.values[row] ?? "a value"));
    const sql = `SELECT $1::text::${is.type}::text AS value`;
    values.push(await after.query<{ value: Value }>(sql, [value]).then(({ rows }) => rows[0]?.value ?? null, failed));
  }
  return printed({ ...is, values }, is, naming);
}

/** Values in a form in which equal ones are the same: numbers without idle zeros, composites by their set attributes. */
function printed(was: Column, is: Column, naming: Naming): readonly Value[] {
  return is.values.map((value) => {
    if (value === null) {
      return null;
    }
    if (is.category === "N") {
      return value.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
    }
    return is.category === "C" ? attributesOf(value, was, is, naming) : value;
  });
}

/** Attributes that there were before, by their names afterwards. */
function attributesOf(value: string, was: Column, is: Column, naming: Naming): string {
  const names = was.values.flatMap((other) => Object.keys(JSON.parse(other ?? "{}")));
  const kept = new Set(names.map((name) => naming.attribute(`${was.typeName}.${name}`)));
  const attributes = Object.entries<unknown>(JSON.parse(value))
    .map(([name, one]): [string, unknown] => [was === is ? naming.attribute(`${was.typeName}.${name}`) : name, one])
    .filter(([name, one]) => one !== null && kept.has(name));
  return JSON.stringify(attributes.sort());
}

function isOfCategory(category: string, ...columns: readonly Column[]): boolean {
  return columns.every((column) => column.category === category);
}

function findSequence(name: string, { owner }: Sequence, now: Data, naming: Naming): Sequence | undefined {
  const sameName = now.sequences.get(naming.sequence(name));
  const newOwner = owner && fullColumn(owner, naming);
  return sameName ?? [...now.sequences.values()].find((sequence) => newOwner && sequence.owner === newOwner);
}

/** The loss of a column tells the loss of its sequence. */
function isGoneWithColumn({ owner }: Sequence, now: Data, naming: Naming): boolean {
  if (!owner) {
    return false;
  }
  return !now.tables.get(naming.table(tableOf(owner)))?.has(naming.column(owner));
}

function fullColumn(owner: string, naming: Naming): string {
  return `${naming.table(tableOf(owner))}.${naming.column(owner)}`;
}

function tableOf(column: string): string {
  return column.slice(0, column.lastIndexOf("."));
}
