import type { Schema } from "../schema";
import type { ParsedStatement } from "../statement";
import { as, nameParts } from "../tree";

/** Whether a statement is about tables, or their indexes, that the migration under way has made itself. */
export function isAboutNew({ node }: ParsedStatement, schema: Schema): boolean {
  const relation =
    as(node, "AlterTableStmt")?.relation ?? as(node, "IndexStmt")?.relation ?? as(node, "ReindexStmt")?.relation;
  if (relation) {
    return schema.isNewRelation(relation);
  }
  const dropped = as(node, "DropStmt")?.objects ?? [];
  return (
    "CreateStmt" in node ||
    (dropped.length > 0 && dropped.every((object) => schema.isNew("relation", schema.key(nameParts(object)))))
  );
}
