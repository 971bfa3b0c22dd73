import type { Problem } from "../../migrator/errors";

/** A node of PostgreSQL's syntax tree. */
type Node = Record<string, unknown>;

const dataStatements: Readonly<Record<string, string>> = {
  InsertStmt: "INSERT",
  UpdateStmt: "UPDATE",
  DeleteStmt: "DELETE",
  MergeStmt: "MERGE",
  TruncateStmt: "TRUNCATE",
};

/** @returns why a statement cannot be part of a model; undefined when it can. */
export function statementProblem(node: Node, firstLine: string): Problem | undefined {
  const data = dataChange(node);
  if (data) {
    return {
      code: "data-in-models",
      message: `"${firstLine}" changes data (${data}): models say what the schema is`,
      hint: "Put it into a migration.",
    };
  }
  if ("TransactionStmt" in node) {
    return {
      code: "transaction-control",
      message: `"${firstLine}" inside models, whose statements are each a transaction of their own`,
      hint: "Delete it.",
    };
  }
  return undefined;
}

function dataChange(node: Node): string | undefined {
  const { is_from: isFrom } = (node.CopyStmt ?? {}) as { is_from?: boolean };
  if (isFrom) {
    return "COPY … FROM";
  }
  const [key = ""] = Object.keys(node);
  const own = dataStatements[key];
  return own ?? (key === "SelectStmt" ? dataChangeWithin(node) : undefined);
}

/** INSERT and the like in the WITH clause of a SELECT. */
function dataChangeWithin(node: unknown): string | undefined {
  if (typeof node !== "object" || node === null) {
    return undefined;
  }
  for (const [key, value] of Object.entries(node)) {
    const found = dataStatements[key] ?? dataChangeWithin(value);
    if (found) {
      return found;
    }
  }
  return undefined;
}

/** Whether a statement is SET, RESET, or pg_dump's `SELECT pg_catalog.set_config(…)`. */
export function setsSession(node: Node): boolean {
  if ("VariableSetStmt" in node) {
    return true;
  }
  const { targetList = [] } = (node.SelectStmt ?? {}) as { targetList?: { ResTarget?: { val?: Node } }[] };
  return targetList.some(({ ResTarget }) => {
    const call = ResTarget?.val?.FuncCall as { funcname?: unknown[] } | undefined;
    return lastName(call?.funcname) === "set_config";
  });
}

/** @returns the name of the table, view, type, function, sequence or schema that a statement creates, without its schema. */
export function createdName(node: Node): string | undefined {
  const [[key, value] = ["", {}]] = Object.entries(node);
  const {
    relation,
    view,
    into,
    sequence,
    typevar,
    typeName,
    funcname,
    defnames,
    domainname,
    schemaname,
    extname,
    role,
  } = value as Record<string, unknown>;
  switch (key) {
    case "CreateStmt":
      return relationName(relation);
    case "ViewStmt":
      return relationName(view);
    case "CreateTableAsStmt":
      return relationName((into as { rel?: unknown } | undefined)?.rel);
    case "CreateSeqStmt":
      return relationName(sequence);
    case "CompositeTypeStmt":
      return relationName(typevar);
    case "CreateEnumStmt":
    case "CreateRangeStmt":
      return lastName(typeName);
    case "CreateFunctionStmt":
      return lastName(funcname);
    case "DefineStmt":
      return lastName(defnames);
    case "CreateDomainStmt":
      return lastName(domainname);
    case "CreateSchemaStmt":
      return text(schemaname);
    case "CreateExtensionStmt":
      return text(extname);
    case "CreateRoleStmt":
      return text(role);
    default:
      return undefined;
  }
}

function relationName(relation: unknown): string | undefined {
  return text((relation as { relname?: unknown } | undefined)?.relname);
}

function lastName(names: unknown): string | undefined {
  const last = Array.isArray(names) ? (names.at(-1) as { String?: { sval?: unknown } } | undefined) : undefined;
  return text(last?.String?.sval);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
