import type { Node } from "libpg-query";
import type { Remark } from "../finding";
import { as, describeType, type TypeText, textOf, typeOf } from "../tree";
import type { Action } from "./action";
import type { Scene } from "./scene";

/** ALTER COLUMN … TYPE on a table that was there before. */
export function judgeTypeChange({ def, tableKey, tableName, name = "" }: Action, { schema }: Scene): Remark[] {
  const definition = as(def, "ColumnDef");
  const to = typeOf(definition?.typeName);
  const from = schema.tables.get(tableKey)?.columns.get(name)?.type;
  if (from && keepsValues(from, to) && isPlain(definition?.raw_default, name, to)) {
    return [];
  }
  const was = from ? `from ${describeType(from)} ` : "";
  return [
    {
      rule: "column-type-change",
      what: `column ${name} of ${tableName} changes ${was}to ${describeType(to)}${from ? "" : "; the migrations here do not tell from which type"}`,
      instead: from
        ? undefined
        : "Where the type is only widened (a longer varchar, varchar to text), nothing is read: then say so in a lint:ignore. Else add a column of the new type.",
    },
  ];
}

/** Types whose values are stored alike (binary coercible), so that a change of the type alone reads no row. */
const alike: Readonly<Record<string, readonly string[]>> = {
  varchar: ["text"],
  text: ["varchar"],
  cidr: ["inet"],
  citext: ["text", "varchar"],
  xml: ["text", "varchar"],
};

/** Types with a precision, and the one that none stands for. */
const widestPrecision: Readonly<Record<string, number>> = {
  timestamp: 6,
  timestamptz: 6,
  time: 6,
  timetz: 6,
  interval: 6,
};

/** Whether every value of a type is one of the other as it is stored (the type's support functions know: varchar_support …). */
function keepsValues(from: TypeText, to: TypeText): boolean {
  if (describeType(from) === describeType(to)) {
    return true;
  }
  // The support functions are for single values: of an array each element is converted.
  if (from.array || to.array) {
    return false;
  }
  if (from.name !== to.name) {
    return alike[from.name]?.includes(to.name) === true && to.modifiers.length === 0;
  }
  return widens(from.name, from.modifiers, to.modifiers);
}

function widens(type: string, before: readonly number[], after: readonly number[]): boolean {
  const precision = widestPrecision[type];
  if (precision !== undefined) {
    // An interval's precision stands behind its fields; fields alone cut off what is smaller.
    const cuts = type === "interval" && after.length === 1;
    return !cuts && (after.at(-1) ?? precision) >= (before.at(-1) ?? precision);
  }
  if (after.length === 0) {
    return ["numeric", "varchar", "varbit"].includes(type);
  }
  const isLonger = before.length > 0 && (after[0] ?? 0) >= (before[0] ?? 0);
  return (
    (isLonger && (type === "varchar" || type === "varbit")) ||
    (isLonger && type === "numeric" && (after[1] ?? 0) === (before[1] ?? 0))
  );
}

/** Whether USING is missing, or only casts the column to its new type. */
function isPlain(using: Node | undefined, column: string, to: TypeText): boolean {
  const cast = as(using, "TypeCast");
  const value = cast ? cast.arg : using;
  const isColumn = textOf(as(value, "ColumnRef")?.fields?.at(-1)) === column;
  return using === undefined || (isColumn && (!cast || describeType(typeOf(cast.typeName)) === describeType(to)));
}
