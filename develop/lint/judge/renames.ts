import type { Node, ObjectType, RangeVar } from "libpg-query";
import type { Remark } from "../finding";
import type { NameSpace } from "../schema";
import { as, nameParts, relationParts, textOf } from "../tree";
import { following, type Scene } from "./scene";

/** What code names. Indexes, constraints, triggers and policies it does not. */
const named: Partial<Record<ObjectType, { words: string; space: NameSpace }>> = {
  OBJECT_TABLE: { words: "table", space: "relation" },
  OBJECT_VIEW: { words: "view", space: "relation" },
  OBJECT_MATVIEW: { words: "materialized view", space: "relation" },
  OBJECT_FOREIGN_TABLE: { words: "foreign table", space: "relation" },
  OBJECT_SEQUENCE: { words: "sequence", space: "relation" },
  OBJECT_COLUMN: { words: "column", space: "relation" },
  OBJECT_ATTRIBUTE: { words: "attribute", space: "type" },
  OBJECT_TYPE: { words: "type", space: "type" },
  OBJECT_DOMAIN: { words: "domain", space: "type" },
  OBJECT_FUNCTION: { words: "function", space: "function" },
  OBJECT_PROCEDURE: { words: "procedure", space: "function" },
  OBJECT_ROUTINE: { words: "routine", space: "function" },
  OBJECT_AGGREGATE: { words: "aggregate", space: "function" },
  OBJECT_SCHEMA: { words: "schema", space: "schema" },
};

/** RENAME and SET SCHEMA of what was there before. */
export function judgeRename(node: Node, scene: Scene): Remark[] {
  const rename = as(node, "RenameStmt");
  if (rename) {
    const { renameType, subname, newname, relation, object } = rename;
    return judge(renameType, relation, object, subname, `is renamed to ${newname}`, scene);
  }
  const move = as(node, "AlterObjectSchemaStmt");
  if (move) {
    return judge(move.objectType, move.relation, move.object, undefined, `moves to schema ${move.newschema}`, scene);
  }
  const value = as(node, "AlterEnumStmt");
  const type = (value?.typeName ?? []).map(textOf);
  return value?.oldVal !== undefined && !scene.schema.isNew("type", scene.schema.key(type))
    ? [{ rule: "rename", what: `value '${value.oldVal}' of enum ${type.join(".")} is renamed to '${value.newVal}'` }]
    : [];
}

function judge(
  kind: ObjectType | undefined,
  relation: RangeVar | undefined,
  object: Node | undefined,
  subname: string | undefined,
  becomes: string,
  scene: Scene,
): Remark[] {
  const found = kind && named[kind];
  if (!found) {
    return [];
  }
  const parts = relation ? relationParts(relation) : object ? nameParts(object) : [subname ?? ""];
  const key = kind === "OBJECT_SCHEMA" ? (parts[0] ?? "") : scene.schema.key(parts);
  if (scene.schema.isNew(found.space, key) || (kind !== "OBJECT_COLUMN" && leavesView(key, scene))) {
    return [];
  }
  const owner = parts.join(".");
  const what =
    kind === "OBJECT_COLUMN" || kind === "OBJECT_ATTRIBUTE"
      ? `${found.words} ${subname} of ${owner}`
      : `${found.words} ${owner}`;
  return [{ rule: "rename", what: `${what} ${becomes}` }];
}

/** Whether a view takes the old name in the same transaction, so that nobody misses it. */
function leavesView(key: string, scene: Scene): boolean {
  return (
    scene.section.transaction &&
    following(scene).some(({ node }) => {
      const view = as(node, "ViewStmt")?.view;
      return view !== undefined && scene.schema.relationKey(view) === key;
    })
  );
}
