import type { DropStmt, Node } from "libpg-query";
import type { Remark } from "../finding";
import type { RuleName } from "../rules";
import type { NameSpace, Schema } from "../schema";
import { as, nameParts } from "../tree";
import { following, type Scene } from "./scene";

interface Kind {
  readonly words: string;
  readonly space: NameSpace;
  readonly rule: RuleName;
}

const relation = (words: string): Kind => ({ words, space: "relation", rule: "drop-table" });
const routine = (words: string): Kind => ({ words, space: "function", rule: "drop-function" });
const type = (words: string): Kind => ({ words, space: "type", rule: "drop-type" });

/** What the running revision may use. Indexes, triggers, constraints, policies and the like it does not name. */
const kinds: Partial<Record<NonNullable<DropStmt["removeType"]>, Kind>> = {
  OBJECT_TABLE: relation("table"),
  OBJECT_VIEW: relation("view"),
  OBJECT_MATVIEW: relation("materialized view"),
  OBJECT_FOREIGN_TABLE: relation("foreign table"),
  OBJECT_SEQUENCE: relation("sequence"),
  OBJECT_SCHEMA: { words: "schema", space: "schema", rule: "drop-table" },
  OBJECT_FUNCTION: routine("function"),
  OBJECT_PROCEDURE: routine("procedure"),
  OBJECT_ROUTINE: routine("routine"),
  OBJECT_AGGREGATE: routine("aggregate"),
  OBJECT_EXTENSION: routine("extension"),
  OBJECT_TYPE: type("type"),
  OBJECT_DOMAIN: type("domain"),
};

/** DROP of what was there before. What the same transaction makes again is not gone for anybody. */
export function judgeDrop(node: Node, scene: Scene): Remark[] {
  const drop = as(node, "DropStmt");
  if (!drop?.removeType) {
    return judgeDropAll(node);
  }
  const kind = kinds[drop.removeType];
  const { schema, section } = scene;
  const objects = (drop.objects ?? []).map(nameParts);
  const old = objects.filter((parts) => !isNew(schema, drop.removeType, kind, parts));
  if (old.length === 0) {
    return [];
  }
  const again = section.transaction ? remade(scene, kind) : new Set<string>();
  const gone = kind ? old.filter((parts) => !again.has(schema.key(parts))) : [];
  const names = (some: readonly string[][]) => some.map((parts) => parts.join(".")).join(", ");
  return [
    ...(kind && gone.length > 0 ? [{ rule: kind.rule, what: `${kind.words} ${names(gone)} is dropped` }] : []),
    ...(drop.behavior === "DROP_CASCADE"
      ? [{ rule: "cascade" as const, what: `${names(old)} is dropped with whatever depends on it` }]
      : []),
  ];
}

function judgeDropAll(node: Node): Remark[] {
  const owned = as(node, "DropOwnedStmt");
  if (owned) {
    return [{ rule: "drop-database", what: "all that a role owns is dropped" }];
  }
  const database = as(node, "DropdbStmt");
  return database ? [{ rule: "drop-database", what: `database ${database.dbname} is dropped` }] : [];
}

function isNew(schema: Schema, removeType: DropStmt["removeType"], kind: Kind | undefined, parts: string[]): boolean {
  if (removeType === "OBJECT_SCHEMA") {
    return schema.isNew("schema", parts[0] ?? "");
  }
  // A trigger's, policy's or rule's name stands behind its table's.
  const onTable = ["OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE"].includes(removeType ?? "");
  return schema.isNew(kind?.space ?? "relation", schema.key(onTable ? parts.slice(0, -1) : parts));
}

/** Views and routines that statements behind this one make; a table made again would be empty. */
function remade(scene: Scene, kind: Kind | undefined): Set<string> {
  const { schema } = scene;
  return new Set(
    following(scene).flatMap(({ node }) => {
      const view = as(node, "ViewStmt")?.view ?? as(node, "CreateTableAsStmt")?.into?.rel;
      const routine = as(node, "CreateFunctionStmt")?.funcname ?? as(node, "DefineStmt")?.defnames;
      if (kind?.space === "relation" && kind.words !== "table" && view) {
        return [schema.relationKey(view)];
      }
      return kind?.space === "function" && routine ? [schema.key(nameParts({ List: { items: routine } }))] : [];
    }),
  );
}
