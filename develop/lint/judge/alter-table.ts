import type { AlterTableCmd, Node } from "libpg-query";
import type { Remark } from "../finding";
import { as } from "../tree";
import type { Action } from "./action";
import { judgeAddedColumn } from "./added-column";
import { judgeAddedConstraint, judgeValidation } from "./constraints";
import type { Scene } from "./scene";
import { judgeTypeChange } from "./type-change";

type Kind = NonNullable<AlterTableCmd["subtype"]>;

const rewrites: Partial<Record<Kind, string>> = {
  AT_SetLogged: "SET LOGGED",
  AT_SetUnLogged: "SET UNLOGGED",
  AT_SetAccessMethod: "SET ACCESS METHOD",
  AT_SetTableSpace: "SET TABLESPACE",
  AT_SetExpression: "SET EXPRESSION",
};

const disables: Partial<Record<Kind, string>> = {
  AT_DisableTrig: "DISABLE TRIGGER",
  AT_DisableTrigAll: "DISABLE TRIGGER ALL",
  AT_DisableTrigUser: "DISABLE TRIGGER USER",
  AT_DisableRule: "DISABLE RULE",
};

/** ALTER TABLE of what was there before. */
export function judgeAlterTable(node: Node, scene: Scene): Remark[] {
  const alter = as(node, "AlterTableStmt");
  if (!alter) {
    return [];
  }
  const { relation, objtype } = alter;
  const { schema } = scene;
  const tableKey = schema.relationKey(relation);
  const owner = schema.indexes.get(tableKey);
  if (schema.isNewRelation(relation) || (owner !== undefined && schema.isNew("relation", owner))) {
    return [];
  }
  const tableName = relation?.schemaname ? tableKey : (relation?.relname ?? "");
  const actions = (alter.cmds ?? []).flatMap((command) => as(command, "AlterTableCmd") ?? []);
  if (objtype === "OBJECT_TYPE") {
    return schema.isNew("type", tableKey)
      ? []
      : actions.flatMap((action) => judgeAttribute({ ...action, tableKey, tableName }));
  }
  const unchecked = actions.flatMap(({ def }) => as(def, "Constraint") ?? []).filter((one) => one.skip_validation);
  const beside = new Set(unchecked.map(({ conname }) => conname));
  return actions.flatMap((action) => judgeAction({ ...action, tableKey, tableName, beside }, scene));
}

function judgeAction(action: Action, scene: Scene): Remark[] {
  const { subtype, tableName, name } = action;
  const rewrite = subtype && rewrites[subtype];
  if (rewrite) {
    return [{ rule: "table-rewrite", what: `${rewrite} writes ${tableName} anew` }];
  }
  const disable = subtype && disables[subtype];
  if (disable) {
    return [{ rule: "disable-trigger", what: `${disable} on ${tableName}` }];
  }
  switch (subtype) {
    case "AT_AddColumn":
      return judgeAddedColumn(action, scene);
    case "AT_AddConstraint":
      return judgeAddedConstraint(action, scene);
    case "AT_ValidateConstraint":
      return judgeValidation(action, scene);
    case "AT_AlterColumnType":
      return judgeTypeChange(action, scene);
    case "AT_SetNotNull":
      return judgeNotNull(action, scene);
    case "AT_DropNotNull":
      return [{ rule: "drop-not-null", what: `column ${name} of ${tableName} may be null from now on` }];
    case "AT_DropColumn":
      return [
        { rule: "drop-column", what: `column ${name} of ${tableName} is dropped` },
        ...cascade(action, `column ${name}`),
      ];
    case "AT_DropConstraint":
      return cascade(action, `constraint ${name}`);
    case "AT_DetachPartition":
    case "AT_AttachPartition":
      return judgePartition(action);
    default:
      return [];
  }
}

function judgeAttribute({ subtype, tableName, name }: Action): Remark[] {
  return subtype === "AT_DropColumn" || subtype === "AT_AlterColumnType"
    ? [
        {
          rule: "drop-type",
          what: `attribute ${name} of type ${tableName} is ${subtype === "AT_DropColumn" ? "dropped" : "changed"}`,
        },
      ]
    : [];
}

function cascade({ behavior }: Action, what: string): Remark[] {
  return behavior === "DROP_CASCADE"
    ? [{ rule: "cascade", what: `${what} is dropped with whatever depends on it` }]
    : [];
}

function judgeNotNull({ tableKey, tableName, name = "" }: Action, { schema }: Scene): Remark[] {
  const table = schema.tables.get(tableKey);
  const checks = [...(table?.checks.values() ?? [])];
  const proven = checks.some(({ notNull, validated }) => validated && notNull.includes(name));
  return proven || table?.columns.get(name)?.notNull
    ? []
    : [
        {
          rule: "set-not-null",
          what: `SET NOT NULL on column ${name} of ${tableName}, and no validated check proves it`,
        },
      ];
}

function judgePartition({ subtype, def, tableName }: Action): Remark[] {
  const { name, concurrent } = as(def, "PartitionCmd") ?? {};
  if (subtype === "AT_DetachPartition") {
    return concurrent
      ? []
      : [
          {
            rule: "missing-concurrently",
            what: `partition ${name?.relname} is detached from ${tableName} without CONCURRENTLY`,
          },
        ];
  }
  return [
    {
      rule: "lock-blocking",
      what: `ATTACH PARTITION reads all of ${name?.relname}, and the default partition of ${tableName}, under a lock that blocks reads and writes of them`,
      instead:
        "Give the partition a validated CHECK of its bounds first: then nothing is read. Ignore this finding when it has one.",
    },
  ];
}
