import { quoteIdentifier } from "../../migrator/connection/quote";
import { parseSql } from "../../migrator/source/parser";
import { printTree, type Tree } from "./format";

/**
 * Whether a relation holds rows and serves traffic already, so that changes of it must not block it for long.
 *
 * @param schema absent: found by search_path.
 */
export type IsInUse = (name: string, schema?: string) => boolean;

interface RangeVar {
  readonly schemaname?: string;
  readonly relname?: string;
}

/**
 * The form of a statement that leaves traffic alone: CONCURRENTLY, NOT VALID and VALIDATE, USING INDEX. Such statements
 * cannot share a transaction.
 *
 * @returns the statements in its place, or nothing where it may stay as it is.
 */
export async function onlineForm(sql: string, isInUse: IsInUse): Promise<string[] | undefined> {
  if (!/^\s*(CREATE\s+(UNIQUE\s+)?INDEX|DROP\s+INDEX|ALTER\s+TABLE)\b/i.test(sql)) {
    return undefined;
  }
  const tree = await parseSql(sql).catch(() => undefined);
  const statement = tree?.stmts?.[0]?.stmt as Record<string, Record<string, unknown>> | undefined;
  if (!tree || !statement) {
    return undefined;
  }
  if (statement.IndexStmt) {
    const { relation } = statement.IndexStmt as { relation?: RangeVar };
    return inUse(relation, isInUse) ? concurrently(tree, statement.IndexStmt) : undefined;
  }
  if (statement.DropStmt?.removeType === "OBJECT_INDEX") {
    return isIndexInUse(statement.DropStmt, isInUse) ? concurrently(tree, statement.DropStmt) : undefined;
  }
  return statement.AlterTableStmt ? onlineAlter(statement.AlterTableStmt, isInUse) : undefined;
}

function inUse(relation: RangeVar | undefined, isInUse: IsInUse): boolean {
  return relation?.relname !== undefined && isInUse(relation.relname, relation.schemaname);
}

async function concurrently(tree: Tree, node: Record<string, unknown>): Promise<string[] | undefined> {
  node.concurrent = true;
  const printed = await printTree(tree);
  return printed === undefined ? undefined : [printed];
}

function isIndexInUse({ objects }: Record<string, unknown>, isInUse: IsInUse): boolean {
  const [object] = (objects ?? []) as { List?: { items?: { String?: { sval?: string } }[] } }[];
  const parts = (object?.List?.items ?? []).map((item) => item.String?.sval ?? "");
  const name = parts.at(-1);
  return name !== undefined && isInUse(name, parts.at(-2));
}

interface Constraint {
  readonly contype: string;
  readonly conname?: string;
  readonly skip_validation?: boolean;
  readonly deferrable?: boolean;
  readonly initdeferred?: boolean;
  readonly indexname?: string;
  readonly without_overlaps?: boolean;
}

async function onlineAlter(alter: Record<string, unknown>, isInUse: IsInUse): Promise<string[] | undefined> {
  const { relation, cmds } = alter as {
    relation?: RangeVar;
    cmds?: { AlterTableCmd: { subtype: string; name?: string; def?: { Constraint?: Constraint } } }[];
  };
  const command = cmds?.length === 1 ? cmds[0]?.AlterTableCmd : undefined;
  if (!command || !inUse(relation, isInUse)) {
    return undefined;
  }
  const table = qualify(relation);
  if (command.subtype === "AT_SetNotNull" && command.name) {
    return notNull(table, command.name);
  }
  const constraint = command.subtype === "AT_AddConstraint" ? command.def?.Constraint : undefined;
  if (!constraint?.conname || constraint.skip_validation) {
    return undefined;
  }
  switch (constraint.contype) {
    case "CONSTR_CHECK":
    case "CONSTR_FOREIGN":
      return validatedLater(alter, constraint, table);
    case "CONSTR_UNIQUE":
    case "CONSTR_PRIMARY":
      return usingIndex(constraint, table);
    default:
      return undefined;
  }
}

/** SET NOT NULL reads no row where a valid constraint says that none is null (PostgreSQL 12). */
function notNull(table: string, column: string): string[] {
  const name = quoteIdentifier(`${column}_is_not_null`.slice(0, 63));
  return [
    `ALTER TABLE ${table}\n  ADD CONSTRAINT ${name} CHECK (${quoteIdentifier(column)} IS NOT NULL) NOT VALID`,
    `ALTER TABLE ${table}\n  VALIDATE CONSTRAINT ${name}`,
    `ALTER TABLE ${table}\n  ALTER COLUMN ${quoteIdentifier(column)} SET NOT NULL`,
    `ALTER TABLE ${table}\n  DROP CONSTRAINT ${name}`,
  ];
}

async function validatedLater(
  alter: Record<string, unknown>,
  constraint: Constraint,
  table: string,
): Promise<string[] | undefined> {
  Object.assign(constraint, { skip_validation: true, initially_valid: undefined });
  const added = await printStatement({ AlterTableStmt: alter });
  return added === undefined
    ? undefined
    : [added, `ALTER TABLE ${table}\n  VALIDATE CONSTRAINT ${quoteIdentifier(constraint.conname ?? "")}`];
}

interface KeyConstraint extends Constraint {
  readonly keys?: { readonly String: { readonly sval: string } }[];
  readonly including?: { readonly String: { readonly sval: string } }[];
  readonly nulls_not_distinct?: boolean;
  readonly options?: unknown[];
  readonly indexspace?: string;
}

function usingIndex(constraint: KeyConstraint, table: string): string[] | undefined {
  const { conname = "", keys = [], including = [], options, indexspace, indexname } = constraint;
  if (indexname || indexspace || options || constraint.without_overlaps || keys.length === 0) {
    return undefined;
  }
  const list = (names: typeof keys) => names.map(({ String: { sval } }) => quoteIdentifier(sval)).join(", ");
  const name = quoteIdentifier(conname);
  const include = including.length > 0 ? ` INCLUDE (${list(including)})` : "";
  const nulls = constraint.nulls_not_distinct ? " NULLS NOT DISTINCT" : "";
  const kind = constraint.contype === "CONSTR_PRIMARY" ? "PRIMARY KEY" : "UNIQUE";
  const deferred = constraint.initdeferred ? " INITIALLY DEFERRED" : "";
  const deferrable = constraint.deferrable ? ` DEFERRABLE${deferred}` : "";
  return [
    `CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${table} (${list(keys)})${include}${nulls}`,
    `ALTER TABLE ${table}\n  ADD CONSTRAINT ${name} ${kind} USING INDEX ${name}${deferrable}`,
  ];
}

function printStatement(stmt: Record<string, unknown>): Promise<string | undefined> {
  return printTree({ version: 0, stmts: [{ stmt }] } as unknown as Tree);
}

function qualify({ schemaname, relname = "" }: RangeVar = {}): string {
  return `${schemaname ? `${quoteIdentifier(schemaname)}.` : ""}${quoteIdentifier(relname)}`;
}
