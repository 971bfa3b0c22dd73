import type { IndexStmt, ParseResult, RangeVar } from "libpg-query";

/**
 * A statement that works beside reads and writes: whoever it waits for, nobody who reads or writes waits for it. Such
 * statements run in several transactions, so that all but `waits` can fail halfway.
 */
export type Online =
  | CreateIndex
  | { readonly action: "drop-index"; readonly index: RelationName }
  | { readonly action: "reindex" }
  | { readonly action: "detach"; readonly parent: RelationName; readonly partition: RelationName }
  /** Fails as a whole. */
  | { readonly action: "waits" };

/** CREATE INDEX CONCURRENTLY. */
export interface CreateIndex {
  readonly action: "create-index";
  readonly table: RelationName;
  /** Absent: PostgreSQL finds one. */
  readonly name?: string;
  readonly unique: boolean;
  readonly method: string;
  /** In order; null for an expression. */
  readonly columns: readonly (string | null)[];
  readonly hasPredicate: boolean;
}

export interface RelationName {
  /** Absent: by search_path. */
  readonly schema?: string;
  readonly name: string;
}

export type SyntaxNode = NonNullable<NonNullable<ParseResult["stmts"]>[number]["stmt"]>;

/** Whether a statement is one that PostgreSQL runs only outside a transaction, in several of its own. */
export function runsAlone(online: Online | undefined): boolean {
  return online !== undefined && online.action !== "waits";
}

/** Finds out whether a statement works beside reads and writes, and what it is about. */
export function onlineOf(node: SyntaxNode): Online | undefined {
  if ("IndexStmt" in node) {
    return node.IndexStmt.concurrent ? createIndex(node.IndexStmt) : undefined;
  }
  if ("DropStmt" in node) {
    const { concurrent, objects = [] } = node.DropStmt;
    // Several at once are refused by the server.
    const [index] = objects.map(qualifiedName);
    return concurrent && index ? { action: "drop-index", index } : undefined;
  }
  if ("ReindexStmt" in node) {
    return isOn(node.ReindexStmt.params, "concurrently") ? { action: "reindex" } : undefined;
  }
  if ("AlterTableStmt" in node) {
    return detach(node.AlterTableStmt);
  }
  const isVacuum = "VacuumStmt" in node && !isOn(node.VacuumStmt.options, "full");
  const isRefresh = "RefreshMatViewStmt" in node && node.RefreshMatViewStmt.concurrent;
  return isVacuum || isRefresh ? { action: "waits" } : undefined;
}

function createIndex(index: IndexStmt): CreateIndex {
  const { relation, idxname, unique, accessMethod = "btree", indexParams = [], indexIncludingParams = [] } = index;
  return {
    action: "create-index",
    table: relationName(relation),
    name: idxname || undefined,
    unique: unique === true,
    method: accessMethod,
    columns: [...indexParams, ...indexIncludingParams].map(
      (param) => ("IndexElem" in param && param.IndexElem.name) || null,
    ),
    hasPredicate: index.whereClause !== undefined,
  };
}

type Fields<Kind extends string> = Extract<SyntaxNode, Record<Kind, unknown>> extends Record<Kind, infer F> ? F : never;

function detach({ relation, cmds = [] }: Fields<"AlterTableStmt">): Online | undefined {
  const [first] = cmds;
  const { subtype, def } = first && "AlterTableCmd" in first ? first.AlterTableCmd : {};
  if (subtype === "AT_DetachPartitionFinalize") {
    return { action: "waits" };
  }
  const command = def && "PartitionCmd" in def ? def.PartitionCmd : undefined;
  return subtype === "AT_DetachPartition" && command?.concurrent
    ? { action: "detach", parent: relationName(relation), partition: relationName(command.name) }
    : undefined;
}

function relationName({ schemaname, relname = "" }: RangeVar = {}): RelationName {
  return { schema: schemaname, name: relname };
}

function qualifiedName(node: SyntaxNode): RelationName {
  const items = "List" in node ? (node.List.items ?? []) : [];
  const parts = items.map((item) => ("String" in item ? (item.String.sval ?? "") : ""));
  return { schema: parts.at(-2), name: parts.at(-1) ?? "" };
}

/** Whether an option in parentheses is on: by its name alone, or by a value that does not turn it off (defGetBoolean). */
function isOn(options: readonly SyntaxNode[] | undefined, name: string): boolean {
  return (options ?? []).some((option) => {
    const { defname, arg } = "DefElem" in option ? option.DefElem : {};
    const isOff =
      arg !== undefined &&
      (("String" in arg && /^(false|off)$/i.test(arg.String.sval ?? "")) ||
        ("Integer" in arg && !arg.Integer.ival) ||
        ("Boolean" in arg && !arg.Boolean.boolval));
    return defname === name && !isOff;
  });
}
