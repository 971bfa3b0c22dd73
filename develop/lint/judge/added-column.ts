import type { Constraint } from "libpg-query";
import { volatileFunctions } from "../expressions";
import type { Remark } from "../finding";
import { as, typeOf } from "../tree";
import type { Action } from "./action";
import type { Scene } from "./scene";

const serials = new Set(["serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"]);

/** ADD COLUMN on a table that was there before. At most one remark says why the table is written anew. */
export function judgeAddedColumn({ def, tableName }: Action, scene: Scene): Remark[] {
  const column = as(def, "ColumnDef");
  if (!column) {
    return [];
  }
  const constraints = (column.constraints ?? []).flatMap((node) => as(node, "Constraint") ?? []);
  const what = `column ${column.colname} of ${tableName}`;
  const type = typeOf(column.typeName);
  const has = (kind: Constraint["contype"]) => constraints.find(({ contype }) => contype === kind);
  const numbered = serials.has(type.name) || has("CONSTR_IDENTITY") !== undefined;
  const generated = has("CONSTR_GENERATED");
  const fallback = has("CONSTR_DEFAULT");
  const filled = numbered || generated !== undefined || (fallback !== undefined && !isNull(fallback));
  const at = column.location;
  const rewrite = numbered
    ? [{ rule: "add-serial-column" as const, what: `${what} numbers all rows`, at }]
    : describeRewrite(what, type.name, generated, fallback, scene).map((text) => ({
        rule: "table-rewrite" as const,
        what: text,
        at,
      }));
  const required = (has("CONSTR_NOTNULL") ?? has("CONSTR_PRIMARY")) && !filled;
  return [
    ...rewrite,
    ...(required ? [{ rule: "add-required-column" as const, what: `${what} is NOT NULL and has no default`, at }] : []),
    ...constraints.flatMap((constraint) => judgeColumnConstraint(constraint, what, filled)),
  ];
}

function describeRewrite(
  what: string,
  type: string,
  generated: Constraint | undefined,
  fallback: Constraint | undefined,
  { schema }: Scene,
): string[] {
  if (generated?.generated_kind === "s") {
    return [`${what} is generated and stored: it is computed for every row`];
  }
  const [called] = volatileFunctions(fallback?.raw_expr, schema);
  if (called !== undefined) {
    return [
      `${what} has a default of ${called}(), which is volatile or not known to be stable: it is called for every row`,
    ];
  }
  return schema.constrainedDomains.has(schema.key(type.split(".")))
    ? [`${what} is of the domain ${type}, whose constraint is checked by writing every row anew`]
    : [];
}

function judgeColumnConstraint(constraint: Constraint, what: string, filled: boolean): Remark[] {
  const { contype, pktable, location: at } = constraint;
  if (contype === "CONSTR_UNIQUE" || contype === "CONSTR_PRIMARY") {
    return [{ rule: "unique-without-index", what: `${what} comes with a unique index that is built at once`, at }];
  }
  if (contype === "CONSTR_CHECK" && constraint.is_enforced !== false) {
    return [{ rule: "constraint-not-valid", what: `${what} comes with a check of all rows`, at }];
  }
  // A new column that is null everywhere refers to nothing: PostgreSQL checks no row (transformAlterTableStmt).
  return contype === "CONSTR_FOREIGN" && filled && constraint.is_enforced !== false
    ? [
        {
          rule: "constraint-not-valid",
          what: `${what} has a default and refers to ${pktable?.relname}: all rows are checked`,
          at,
        },
      ]
    : [];
}

function isNull({ raw_expr }: Constraint): boolean {
  return as(raw_expr, "A_Const")?.isnull === true;
}
