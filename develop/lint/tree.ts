import type { Node, ParseResult, RangeVar, TypeName } from "libpg-query";

/** One parsed statement's node: `{ AlterTableStmt: … }`. */
export type StatementNode = Node;

export type RawStatement = NonNullable<ParseResult["stmts"]>[number];

/** The fields of a node if it is of a kind: `as(node, "AlterTableStmt")`. */
export function as<K extends KeysOf<Node>>(node: Node | undefined, kind: K): FieldsOf<K> | undefined {
  return node && kind in node ? (node as unknown as Record<K, FieldsOf<K>>)[kind] : undefined;
}

type KeysOf<T> = T extends unknown ? keyof T : never;
type FieldsOf<K extends KeysOf<Node>> = Extract<Node, { [P in K]: unknown }>[K];

/** The kind of a node: `AlterTableStmt`. */
export function kindOf(node: Node): string {
  return Object.keys(node)[0] ?? "";
}

/** The text of a string node, of a name's part. */
export function textOf(node: Node | undefined): string {
  return as(node, "String")?.sval ?? "";
}

/** Visits every node below a value, itself included, whatever its kind. */
export function walk(value: unknown, visit: (kind: string, fields: Readonly<Record<string, unknown>>) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) {
      walk(item, visit);
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [kind, fields] of Object.entries(value)) {
      if (typeof fields === "object" && fields !== null && !Array.isArray(fields)) {
        visit(kind, fields as Record<string, unknown>);
      }
      walk(fields, visit);
    }
  }
}

/** The parts of a qualified name, in whichever node it stands. */
export function nameParts(node: Node | undefined): string[] {
  const items =
    as(node, "List")?.items ??
    as(node, "ObjectWithArgs")?.objname ??
    as(node, "TypeName")?.names ??
    (node ? [node] : []);
  return items.map(textOf);
}

/** The parts of a table's name. */
export function relationParts(relation: RangeVar | undefined): string[] {
  const { schemaname, relname = "" } = relation ?? {};
  return schemaname ? [schemaname, relname] : [relname];
}

/** The constants written in an expression, as text: of `args` of SET, of string literals. */
export function constants(value: unknown): string[] {
  const found: string[] = [];
  walk(value, (kind, fields) => {
    if (kind === "sval" && typeof fields.sval === "string") {
      found.push(fields.sval);
    } else if (kind === "sval") {
      found.push("");
    } else if (kind === "ival") {
      found.push(String(fields.ival ?? 0));
    }
  });
  return found;
}

/** A type as lint compares it. */
export interface TypeText {
  /** Without pg_catalog: `int4`, `varchar`, `app.mood`. */
  readonly name: string;
  /** Numbers behind it: `[10, 2]` of numeric(10,2). */
  readonly modifiers: readonly number[];
  readonly array: boolean;
}

/** Reads a type's name. */
export function typeOf(type: TypeName | undefined): TypeText {
  const parts = (type?.names ?? []).map(textOf).filter((part) => part !== "pg_catalog");
  return {
    name: parts.join("."),
    modifiers: constants(type?.typmods ?? []).map(Number),
    array: (type?.arrayBounds ?? []).length > 0,
  };
}

/** Names that people write, by those of the catalog. */
const writtenNames: Readonly<Record<string, string>> = {
  int2: "smallint",
  int4: "integer",
  int8: "bigint",
  float4: "real",
  float8: "double precision",
  bool: "boolean",
  bpchar: "char",
};

/** A type in words: `varchar(20)[]`. */
export function describeType({ name, modifiers, array }: TypeText): string {
  return `${writtenNames[name] ?? name}${modifiers.length > 0 ? `(${modifiers.join(",")})` : ""}${array ? "[]" : ""}`;
}

/** Names of columns in words. */
export function describeColumns(keys: Parameters<typeof textOf>[0][] | undefined): string {
  return (keys ?? []).map(textOf).join(", ");
}
