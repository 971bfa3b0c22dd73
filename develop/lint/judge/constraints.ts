import type { Constraint } from "libpg-query";
import { provenNotNull } from "../expressions";
import type { Remark } from "../finding";
import { as, describeColumns, textOf } from "../tree";
import type { Action } from "./action";
import type { Scene } from "./scene";

/** ADD CONSTRAINT on a table that was there before. */
export function judgeAddedConstraint({ def, tableKey, tableName }: Action, { schema, section }: Scene): Remark[] {
  const constraint = as(def, "Constraint");
  if (!constraint || constraint.skip_validation || constraint.is_enforced === false) {
    return [];
  }
  const at = constraint.location;
  switch (constraint.contype) {
    case "CONSTR_FOREIGN":
      return [
        {
          rule: "constraint-not-valid",
          what: `foreign key (${describeColumns(constraint.fk_attrs)}) of ${tableName} is checked for all rows, of ${tableName} and of ${constraint.pktable?.relname}`,
          at,
          instead: schema.tables.get(tableKey)?.partitioned
            ? "Before PostgreSQL 18 a partitioned table takes no NOT VALID: add it to each partition with NOT VALID, validate those, then add it here."
            : undefined,
        },
      ];
    case "CONSTR_CHECK":
      return [
        {
          rule: "constraint-not-valid",
          what: `check ${describeName(constraint)}of ${tableName} is checked for all rows`,
          at,
        },
      ];
    case "CONSTR_NOTNULL":
      return notNullRemarks(constraint, tableKey, tableName, { schema });
    case "CONSTR_PRIMARY":
    case "CONSTR_UNIQUE":
    case "CONSTR_EXCLUSION":
      return constraint.indexname ? [] : [indexRemark(constraint, tableName, section.transaction)];
    default:
      return [];
  }
}

function indexRemark(constraint: Constraint, tableName: string, inTransaction: boolean): Remark {
  const { contype, location: at, keys } = constraint;
  if (contype === "CONSTR_EXCLUSION") {
    return {
      rule: "unique-without-index",
      what: `exclusion constraint ${describeName(constraint)}of ${tableName} builds its index`,
      instead: "There is no way around it for an exclusion constraint: make a new table with it, and move over.",
      at,
    };
  }
  const kind = contype === "CONSTR_PRIMARY" ? "primary key" : "unique constraint";
  return {
    rule: "unique-without-index",
    what: `${kind} (${describeColumns(keys)}) of ${tableName} builds its index${inTransaction ? "" : ", for it is not one of USING INDEX"}`,
    at,
  };
}

function notNullRemarks(
  constraint: Constraint,
  tableKey: string,
  tableName: string,
  { schema }: Pick<Scene, "schema">,
): Remark[] {
  const column = textOf(constraint.keys?.[0]);
  const table = schema.tables.get(tableKey);
  const proven = [...(table?.checks.values() ?? [])].some((check) => check.validated && check.notNull.includes(column));
  return proven || table?.columns.get(column)?.notNull
    ? []
    : [
        {
          rule: "set-not-null",
          what: `NOT NULL on column ${column} of ${tableName} without NOT VALID`,
          at: constraint.location,
        },
      ];
}

/** VALIDATE CONSTRAINT: harmless by itself. */
export function judgeValidation(action: Action, { schema, section, memory }: Scene): Remark[] {
  const { tableKey, tableName, name, beside } = action;
  const sameStatement = beside?.has(name) === true;
  if (!section.transaction && !sameStatement) {
    return [];
  }
  if (sameStatement || schema.unchecked.has(`${tableKey} ${name}`)) {
    return [
      {
        rule: "validate-in-same-transaction",
        what: `constraint ${name} of ${tableName} is validated in the transaction that adds it`,
      },
    ];
  }
  const [locked] = memory.locked;
  return locked
    ? [
        {
          rule: "work-under-lock",
          what: `constraint ${name} of ${tableName} is validated while ${locked[1]} of ${locked[0]} are blocked`,
        },
      ]
    : [];
}

function describeName({ conname, raw_expr }: Constraint): string {
  const columns = provenNotNull(raw_expr);
  return conname ? `${conname} ` : columns.length > 0 ? `(${columns.join(", ")} IS NOT NULL) ` : "";
}
