import type { Node, RangeVar } from "libpg-query";
import type { Remark } from "../finding";
import type { Schema } from "../schema";
import { as, constants, textOf, walk } from "../tree";
import type { Scene } from "./scene";

/** A statement that writes rows of a table that was there before, as many as there may be. */
export interface Write {
  readonly verb: "UPDATE" | "DELETE" | "INSERT … SELECT" | "MERGE";
  readonly table: string;
  /** Whether nothing narrows it down. */
  readonly all: boolean;
}

/** The rows that a statement writes; INSERT … VALUES of a few rows does not count. */
export function writeOf(node: Node, schema: Schema): Write | undefined {
  const found = (verb: Write["verb"], relation: RangeVar | undefined, all: boolean): Write | undefined =>
    schema.isNewRelation(relation) ? undefined : { verb, table: relation?.relname ?? "", all };
  const update = as(node, "UpdateStmt");
  if (update) {
    return found("UPDATE", update.relation, update.whereClause === undefined && update.fromClause === undefined);
  }
  const remove = as(node, "DeleteStmt");
  if (remove) {
    return found("DELETE", remove.relation, remove.whereClause === undefined && remove.usingClause === undefined);
  }
  const insert = as(node, "InsertStmt");
  const select = as(insert?.selectStmt, "SelectStmt");
  if (insert && select?.fromClause) {
    return found("INSERT … SELECT", insert.relation, false);
  }
  const merge = as(node, "MergeStmt");
  return merge && found("MERGE", merge.relation, false);
}

/** UPDATE and DELETE of everything, rows written under a lock, TRUNCATE. */
export function judgeData(node: Node, { schema, section, memory }: Scene): Remark[] {
  const truncate = as(node, "TruncateStmt");
  if (truncate) {
    return judgeTruncate(
      (truncate.relations ?? []).flatMap((item) => as(item, "RangeVar") ?? []),
      truncate.behavior,
      schema,
    );
  }
  const [locked] = section.transaction ? memory.locked : [];
  const write = writeOf(node, schema);
  if (!write) {
    const into = as(node, "InsertStmt")?.relation?.relname;
    return locked && into !== undefined && readsOld(node, schema)
      ? [{ rule: "work-under-lock", what: `${into} is filled while ${locked[1]} of ${locked[0]} are blocked` }]
      : [];
  }
  return [
    ...(write.all ? [{ rule: "unbatched-write" as const, what: `${write.verb} of all rows of ${write.table}` }] : []),
    ...(locked
      ? [
          {
            rule: "work-under-lock" as const,
            what: `${write.verb} of ${write.table} while ${locked[1]} of ${locked[0]} are blocked`,
          },
        ]
      : []),
  ];
}

/** Whether a statement reads a table that was there before, of whatever size. */
function readsOld(node: Node, schema: Schema): boolean {
  let found = false;
  walk(node, (kind, fields) => {
    const relation = kind === "RangeVar" ? (fields as RangeVar) : undefined;
    found ||=
      relation !== undefined && schema.tables.has(schema.relationKey(relation)) && !schema.isNewRelation(relation);
  });
  return found;
}

function judgeTruncate(tables: readonly RangeVar[], behavior: string | undefined, schema: Schema): Remark[] {
  const old = tables.filter((table) => !schema.isNewRelation(table));
  const cascade = behavior === "DROP_CASCADE" ? ", and every table that refers to it" : "";
  return old.length > 0
    ? [{ rule: "truncate", what: `table ${old.map(({ relname }) => relname).join(", ")} is emptied${cascade}` }]
    : [];
}

/** Enum values that this transaction added and this statement uses. */
export function judgeEnumValue(node: Node, { memory }: Scene): Remark[] {
  // A function's body is text, not run yet; ADD VALUE … AFTER names values without using them.
  if (
    memory.enumValues.size === 0 ||
    "AlterEnumStmt" in node ||
    "CreateFunctionStmt" in node ||
    "CommentStmt" in node
  ) {
    return [];
  }
  const used = new Set(constants(node));
  return [...memory.enumValues]
    .filter(([value]) => used.has(value))
    .map(([value, type]) => ({
      rule: "enum-value-in-transaction" as const,
      what: `'${value}' is used in the transaction that adds it to enum ${type}`,
    }));
}

/** Remembers the values that a statement adds to an enum that was there before. */
export function rememberEnumValue(node: Node, { schema, section, memory }: Scene): void {
  const alter = as(node, "AlterEnumStmt");
  const type = (alter?.typeName ?? []).map(textOf);
  if (alter?.newVal && alter.oldVal === undefined && section.transaction && !schema.isNew("type", schema.key(type))) {
    memory.enumValues.set(alter.newVal, type.join("."));
  }
}
