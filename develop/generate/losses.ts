import { splitLast } from "./dotted-name";
import type { Condition, Physical, PhysicalColumn } from "./physical";

/** Something a reader must know before a migration runs. */
export interface Loss {
  readonly direction: "up" | "down";
  /** Kind and name: `column public.orders.total`. */
  readonly object: string;
  /** `lost`: data is gone; `at risk`: values may not fit, so that the statement fails or rounds. */
  readonly severity: "lost" | "at risk";
  /** In a sentence: `is dropped with its data`. */
  readonly what: string;
}

/** What a migration does to data: a comparison of what held it before and after. */
export function findLosses(direction: Loss["direction"], before: Physical, after: Physical): Loss[] {
  const loss = (severity: Loss["severity"], object: string, what: string): Loss => ({
    direction,
    severity,
    object,
    what,
  });
  return [
    ...lostTables(before, after).map((name) => loss("lost", `table ${name}`, fate(name, after.tables, "its rows are"))),
    ...lostColumns(before, after).map(({ name }) =>
      loss("lost", `column ${name}`, fate(name, columnNames(after), "its values are")),
    ),
    ...lostSequences(before, after).map((name) =>
      loss("lost", `sequence ${name}`, fate(name, sequenceNames(after), "its position is")),
    ),
    ...lostLabels(before, after).map(([name, labels]) =>
      loss("lost", `type ${name}`, `no longer has ${labels.join(", ")}: rows that hold it make the migration fail`),
    ),
    ...lostAttributes(before, after).map((object) => loss("lost", object, "is dropped: values of the type lose it")),
    ...changedParts(before, after).map(([object, old, now]) =>
      loss("at risk", object, `changes from ${old} to ${now}: ${typeRisk(old, now)}`),
    ),
    ...changedTypes(before, after).map(([old, now]) =>
      loss("at risk", `column ${now.name}`, `changes from ${old.type} to ${now.type}: ${typeRisk(old.type, now.type)}`),
    ),
    ...newlyNotNull(before, after).map(({ name }) =>
      loss("at risk", `column ${name}`, "becomes NOT NULL: the migration fails where a row holds null"),
    ),
    ...newConditions(before, after).map(({ object }) =>
      loss("at risk", object, "is new: the migration fails where rows contradict it"),
    ),
    ...addedNotNull(before, after).map(({ name }) =>
      loss("at risk", `column ${name}`, "is NOT NULL without a default: the migration fails on a table that has rows"),
    ),
  ];
}

function fate(name: string, left: ReadonlyMap<unknown, string>, what: string): string {
  return [...left.values()].includes(name) ? `is dropped and made anew: ${what} lost` : `is dropped: ${what} lost`;
}

function lostTables(before: Physical, after: Physical): string[] {
  return [...before.tables].filter(([oid]) => !after.tables.has(oid)).map(([, name]) => name);
}

function lostColumns(before: Physical, after: Physical): PhysicalColumn[] {
  const tableLives = (key: string) => after.tables.has(Number(key.split(".")[0]));
  return [...before.columns]
    .filter(([key, { computed }]) => !computed && tableLives(key) && !after.columns.has(key))
    .map(([, column]) => column);
}

function columnNames({ columns }: Physical): Map<string, string> {
  return new Map([...columns].map(([key, { name }]) => [key, name]));
}

function sequenceNames({ sequences }: Physical): Map<number, string> {
  return new Map([...sequences].map(([oid, { name }]) => [oid, name]));
}

/** The loss of a column tells the loss of its sequence. */
function lostSequences(before: Physical, after: Physical): string[] {
  return [...before.sequences]
    .filter(([oid, { owner }]) => !after.sequences.has(oid) && (!owner || after.columns.has(owner)))
    .map(([, { name }]) => name);
}

/** A type that is gone took its columns with it, which are told by themselves. */
function lostLabels(before: Physical, after: Physical): [string, string[]][] {
  const kept = new Set([...after.enums.values()].flatMap((labels) => [...labels.keys()]));
  return [...before.enums].flatMap(([name, labels]): [string, string[]][] => {
    const left = after.enums.get(name);
    const names = new Set(left?.values());
    const gone = [...labels].filter(([oid, label]) => left && !kept.has(oid) && !names.has(label));
    return gone.length > 0 ? [[name, gone.map(([, label]) => `'${label}'`)]] : [];
  });
}

/** An attribute is lost where its type is still there; of a type that is gone the columns tell. */
function lostAttributes({ parts }: Physical, after: Physical): string[] {
  const holders = new Set([...after.parts.keys()].map((object) => splitLast(object)[0]));
  return [...parts.keys()].filter(
    (object) => object.startsWith("attribute ") && !after.parts.has(object) && holders.has(splitLast(object)[0]),
  );
}

function changedParts(before: Physical, after: Physical): [string, string, string][] {
  return [...before.parts.values()].flatMap(({ object, type }): [string, string, string][] => {
    const now = after.parts.get(object)?.type;
    return now && now !== type && !isWidening(type, now) ? [[object, type, now]] : [];
  });
}

function changedTypes(before: Physical, after: Physical): [PhysicalColumn, PhysicalColumn][] {
  return [...before.columns].flatMap(([key, old]): [PhysicalColumn, PhysicalColumn][] => {
    const now = after.columns.get(key);
    const isOther = now && now.type !== old.type && now.typeNumber !== old.typeNumber;
    return isOther && !old.computed && !isWidening(old.type, now.type) ? [[old, now]] : [];
  });
}

function newlyNotNull(before: Physical, after: Physical): PhysicalColumn[] {
  return [...before.columns].flatMap(([key, old]) => {
    const now = after.columns.get(key);
    return now?.notNull && !old.notNull ? [now] : [];
  });
}

/** On tables that may hold rows, unless all their columns are new and null. */
function newConditions(before: Physical, after: Physical): Condition[] {
  const keys = ({ table, object, definition }: Condition) =>
    [splitLast(object)[1], definition].map((text) => JSON.stringify([table, text]));
  const known = new Set(before.conditions.flatMap(keys));
  const isNull = (key: string) => !before.columns.has(key) && after.columns.get(key)?.hasDefault === false;
  return after.conditions.filter((condition) => {
    const { table, columns } = condition;
    const holdsNothing = columns.length > 0 && columns.every(isNull);
    return before.tables.has(table) && !keys(condition).some((key) => known.has(key)) && !holdsNothing;
  });
}

function addedNotNull(before: Physical, after: Physical): PhysicalColumn[] {
  return [...after.columns]
    .filter(([key, { notNull, hasDefault }]) => {
      const isOldTable = before.tables.has(Number(key.split(".")[0]));
      return isOldTable && !before.columns.has(key) && notNull && !hasDefault;
    })
    .map(([, column]) => column);
}

const integers = ["smallint", "integer", "bigint"];

/** Whether every value of the old type has its equal in the new one. */
function isWidening(from: string, to: string): boolean {
  if (from.endsWith("[]") && to.endsWith("[]")) {
    return isWidening(from.slice(0, -2), to.slice(0, -2));
  }
  const [old, now] = [parseType(from), parseType(to)];
  if (integers.includes(old.base)) {
    const wider = integers.slice(integers.indexOf(old.base));
    return wider.includes(now.base) || (now.base === "numeric" && !now.args) || now.base === "text";
  }
  if (old.base === "numeric" && now.base === "numeric") {
    return !now.args || (old.args !== undefined && digits(old.args, now.args));
  }
  if (["character varying", "text"].includes(old.base) && ["character varying", "text"].includes(now.base)) {
    return now.base === "text" || !now.args || (old.args !== undefined && Number(now.args[0]) >= Number(old.args[0]));
  }
  return `${old.base} ${now.base}` === "real double precision" || now.base === "text";
}

/** Digits before and behind the point. */
function digits([precision = 0, scale = 0]: number[], [newPrecision = 0, newScale = 0]: number[]): boolean {
  return newScale >= scale && newPrecision - newScale >= precision - scale;
}

function parseType(type: string): { base: string; args?: number[] } {
  const [, base = type, args] = /^(.*?)\(([\d,]+)\)$/.exec(type) ?? [];
  return { base, args: args?.split(",").map(Number) };
}

function typeRisk(old: string, now: string): string {
  const { base } = parseType(now);
  const rounds = ["numeric", ...integers, "real"].includes(base) || /^(time|interval)/.test(base);
  const wasNumber = /^(numeric|real|double|time|interval)/.test(old);
  return rounds && wasNumber
    ? "values are rounded to it, and one that is out of range makes the migration fail"
    : "a value that does not fit makes the migration fail";
}
