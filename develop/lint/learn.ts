import type { AlterTableCmd, ColumnDef, Constraint, CreateStmt, Node, RenameStmt } from "libpg-query";
import { provenNotNull } from "./expressions";
import type { Schema } from "./schema";
import type { ParsedStatement } from "./statement";
import { as, constants, nameParts, textOf, typeOf } from "./tree";

/** Adds what a statement makes and changes to what is known of the schema. */
export function learn(schema: Schema, { node }: ParsedStatement): void {
  learnRelations(schema, node);
  learnOthers(schema, node);
  const alter = as(node, "AlterTableStmt");
  for (const command of alter?.objtype === "OBJECT_TABLE" ? (alter.cmds ?? []) : []) {
    learnCommand(schema, schema.relationKey(alter?.relation), as(command, "AlterTableCmd") ?? {});
  }
  const rename = as(node, "RenameStmt");
  if (rename) {
    learnRename(schema, rename);
  }
  const set = as(node, "VariableSetStmt");
  if (set?.name === "search_path") {
    schema.defaultSchema = constants(set.args ?? []).find((name) => name !== "$user" && name !== "") ?? "public";
  }
}

function learnRelations(schema: Schema, node: Node): void {
  const create = as(node, "CreateStmt") ?? as(node, "CreateForeignTableStmt")?.base;
  if (create) {
    learnTable(schema, create);
  }
  const relation =
    as(node, "CreateTableAsStmt")?.into?.rel ??
    as(node, "SelectStmt")?.intoClause?.rel ??
    as(node, "CreateSeqStmt")?.sequence;
  if (relation) {
    schema.make("relation", schema.relationKey(relation));
  }
  const view = as(node, "ViewStmt");
  // OR REPLACE may replace one that is in use.
  if (view && !view.replace) {
    schema.make("relation", schema.relationKey(view.view));
  }
  const index = as(node, "IndexStmt");
  if (index?.idxname) {
    const { schemaname } = index.relation ?? {};
    const key = schema.key(schemaname ? [schemaname, index.idxname] : [index.idxname]);
    schema.indexes.set(key, schema.relationKey(index.relation));
    schema.make("relation", key);
  }
}

function learnOthers(schema: Schema, node: Node): void {
  const type =
    as(node, "CreateEnumStmt")?.typeName ??
    as(node, "CreateRangeStmt")?.typeName ??
    as(node, "CreateDomainStmt")?.domainname;
  if (type) {
    schema.make("type", schema.key(type.map(textOf)));
  }
  const composite = as(node, "CompositeTypeStmt");
  if (composite) {
    schema.make("type", schema.relationKey(composite.typevar));
  }
  const domain = as(node, "CreateDomainStmt");
  if (domain?.constraints?.length) {
    schema.constrainedDomains.add(schema.key((domain.domainname ?? []).map(textOf)));
  }
  const created = as(node, "CreateFunctionStmt");
  if (created) {
    const key = schema.key((created.funcname ?? []).map(textOf));
    if (!created.replace) {
      schema.make("function", key);
    }
    const steady = (created.options ?? []).some((option) => {
      const { defname, arg } = as(option, "DefElem") ?? {};
      return defname === "volatility" && textOf(arg) !== "volatile";
    });
    schema.steadyFunctions[steady ? "add" : "delete"](key);
  }
  const made = as(node, "CreateSchemaStmt");
  if (made?.schemaname && !made.if_not_exists) {
    schema.make("schema", made.schemaname);
  }
}

function learnTable(schema: Schema, create: CreateStmt): void {
  const key = schema.relationKey(create.relation);
  if (create.if_not_exists && schema.tables.has(key)) {
    return;
  }
  schema.tables.delete(key);
  schema.make("relation", key);
  const table = schema.table(key);
  table.partitioned = create.partspec !== undefined;
  for (const element of create.tableElts ?? []) {
    const column = as(element, "ColumnDef");
    const constraint = as(element, "Constraint");
    if (column) {
      learnColumn(schema, key, column);
    }
    if (constraint) {
      learnConstraint(schema, key, constraint);
    }
  }
}

function learnColumn(schema: Schema, tableKey: string, column: ColumnDef): void {
  const name = column.colname ?? "";
  const constraints = (column.constraints ?? []).flatMap((node) => as(node, "Constraint") ?? []);
  const notNull = constraints.some(({ contype }) =>
    ["CONSTR_NOTNULL", "CONSTR_PRIMARY", "CONSTR_IDENTITY"].includes(contype ?? ""),
  );
  schema.table(tableKey).columns.set(name, { type: typeOf(column.typeName), notNull });
  for (const constraint of constraints) {
    if (constraint.contype === "CONSTR_CHECK") {
      learnConstraint(schema, tableKey, constraint, [name]);
    }
  }
}

function learnConstraint(schema: Schema, tableKey: string, constraint: Constraint, columns?: readonly string[]): void {
  const table = schema.table(tableKey);
  const name = constraintName(tableKey, constraint, columns);
  const validated = !constraint.skip_validation;
  if (!validated) {
    schema.unchecked.add(`${tableKey} ${name}`);
  }
  if (constraint.contype === "CONSTR_CHECK") {
    table.checks.set(name, { notNull: provenNotNull(constraint.raw_expr), validated });
  }
  if (constraint.contype === "CONSTR_NOTNULL") {
    table.checks.set(name, { notNull: (constraint.keys ?? []).map(textOf), validated });
  }
  if (constraint.contype === "CONSTR_PRIMARY") {
    for (const key of constraint.keys ?? []) {
      const column = table.columns.get(textOf(key));
      if (column) {
        column.notNull = true;
      }
    }
  }
}

/** PostgreSQL's name for a constraint that was given none (ChooseConstraintName). */
function constraintName(tableKey: string, constraint: Constraint, columns?: readonly string[]): string {
  if (constraint.conname) {
    return constraint.conname;
  }
  const table = tableKey.slice(tableKey.lastIndexOf(".") + 1);
  const keys = columns ?? [...(constraint.fk_attrs ?? []), ...(constraint.keys ?? [])].map(textOf);
  const suffix: Record<string, string> = { CONSTR_FOREIGN: "fkey", CONSTR_CHECK: "check", CONSTR_NOTNULL: "not_null" };
  const proven = keys.length === 0 ? provenNotNull(constraint.raw_expr).slice(0, 1) : keys;
  return [table, ...proven, suffix[constraint.contype ?? ""] ?? "key"].join("_");
}

function learnCommand(schema: Schema, tableKey: string, { subtype, name = "", def }: AlterTableCmd): void {
  const table = schema.table(tableKey);
  const column = table.columns.get(name);
  const definition = as(def, "ColumnDef");
  switch (subtype) {
    case "AT_AddColumn":
      if (definition) {
        learnColumn(schema, tableKey, definition);
      }
      return;
    case "AT_DropColumn":
      table.columns.delete(name);
      return;
    case "AT_AlterColumnType":
      table.columns.set(name, { type: typeOf(definition?.typeName), notNull: column?.notNull ?? false });
      return;
    case "AT_SetNotNull":
    case "AT_DropNotNull":
      if (column) {
        column.notNull = subtype === "AT_SetNotNull";
      }
      return;
    case "AT_AddConstraint":
      learnConstraint(schema, tableKey, as(def, "Constraint") ?? {});
      return;
    case "AT_DropConstraint":
      table.checks.delete(name);
      return;
    case "AT_ValidateConstraint": {
      const check = table.checks.get(name);
      if (check) {
        check.validated = true;
      }
    }
  }
}

function learnRename(schema: Schema, { renameType, relation, subname = "", newname = "" }: RenameStmt): void {
  const key = schema.relationKey(relation);
  if (["OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_INDEX", "OBJECT_SEQUENCE"].includes(renameType ?? "")) {
    schema.rename(key, schema.key(relation?.schemaname ? [relation.schemaname, newname] : [newname]));
  }
  const table = schema.tables.get(key);
  if (!table) {
    return;
  }
  if (renameType === "OBJECT_COLUMN") {
    move(table.columns, subname, newname);
  }
  if (renameType === "OBJECT_TABCONSTRAINT") {
    move(table.checks, subname, newname);
  }
}

function move<T>(map: Map<string, T>, from: string, to: string): void {
  const value = map.get(from);
  if (value !== undefined) {
    map.delete(from);
    map.set(to, value);
  }
}

/** The name of what an object node names, in full. */
export function objectKey(schema: Schema, node: Node): string {
  return schema.key(nameParts(node));
}
