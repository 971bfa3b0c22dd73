import type { DefElem, Node, RangeVar } from "libpg-query";
import type { Remark } from "../finding";
import type { Schema } from "../schema";
import { as, nameParts, textOf } from "../tree";
import type { Scene } from "./scene";

/** What is there with and without CONCURRENTLY. */
interface Concurrent {
  /** `index orders_at of orders is built`. */
  readonly what: string;
  readonly concurrently: boolean;
  /** Whether all that it touches is new. */
  readonly isNew: boolean;
  readonly instead?: string;
}

/** CREATE INDEX, DROP INDEX, REINDEX, REFRESH MATERIALIZED VIEW, DETACH PARTITION: with and without CONCURRENTLY. */
export function judgeConcurrently(node: Node, { schema, section }: Scene): Remark[] {
  const found = createIndex(node, schema) ?? dropIndex(node, schema) ?? reindex(node, schema) ?? refresh(node, schema);
  if (found?.concurrently || detachesConcurrently(node)) {
    // REFRESH is the one that may run in a transaction.
    return section.transaction && !("RefreshMatViewStmt" in node)
      ? [
          {
            rule: "concurrently-in-transaction",
            what: `${found?.what ?? "a partition is detached"} CONCURRENTLY in a transaction`,
          },
        ]
      : unnamedIndex(node);
  }
  return found && !found.isNew
    ? [{ rule: "missing-concurrently", what: `${found.what} without CONCURRENTLY`, instead: found.instead }]
    : [];
}

function unnamedIndex(node: Node): Remark[] {
  const index = as(node, "IndexStmt");
  return index && !index.idxname
    ? [{ rule: "unnamed-index", what: `an index of ${index.relation?.relname} is built CONCURRENTLY without a name` }]
    : [];
}

function createIndex(node: Node, schema: Schema): Concurrent | undefined {
  const index = as(node, "IndexStmt");
  if (!index) {
    return undefined;
  }
  const { relation, concurrent = false } = index;
  const partitioned = schema.tables.get(schema.relationKey(relation))?.partitioned === true;
  // ON ONLY a partitioned table makes an entry in the catalog and builds nothing.
  const onlyEntry = partitioned && relation?.inh !== true;
  return {
    what: `${index.unique ? "unique " : ""}index ${index.idxname ? `${index.idxname} ` : ""}of ${relation?.relname} is built`,
    concurrently: concurrent,
    isNew: schema.isNewRelation(relation) || onlyEntry,
    instead: partitioned
      ? "A partitioned table takes no CONCURRENTLY: CREATE INDEX ON ONLY it, build one on each partition CONCURRENTLY, and ALTER INDEX … ATTACH PARTITION."
      : undefined,
  };
}

function dropIndex(node: Node, schema: Schema): Concurrent | undefined {
  const drop = as(node, "DropStmt");
  if (drop?.removeType !== "OBJECT_INDEX") {
    return undefined;
  }
  const names = (drop.objects ?? []).map(nameParts);
  return {
    what: `index ${names.map((parts) => parts.join(".")).join(", ")} is dropped`,
    concurrently: drop.concurrent === true,
    isNew: names.every((parts) => isNewIndex(schema, schema.key(parts))),
  };
}

/** An index is of no account yet when it is new, or its table is. */
function isNewIndex(schema: Schema, key: string): boolean {
  return schema.isNew("relation", key) || schema.isNew("relation", schema.indexes.get(key) ?? "");
}

function reindex(node: Node, schema: Schema): Concurrent | undefined {
  const found = as(node, "ReindexStmt");
  if (!found) {
    return undefined;
  }
  const { relation, kind } = found;
  const isNew =
    kind === "REINDEX_OBJECT_INDEX"
      ? isNewIndex(schema, schema.relationKey(relation))
      : relation !== undefined && schema.isNewRelation(relation);
  return {
    what: `${relation?.relname ?? found.name ?? "the database"} is reindexed`,
    concurrently: (found.params ?? []).some((param) => as(param, "DefElem")?.defname === "concurrently"),
    isNew,
  };
}

function refresh(node: Node, schema: Schema): Concurrent | undefined {
  const found = as(node, "RefreshMatViewStmt");
  return (
    found && {
      what: `materialized view ${found.relation?.relname} is refreshed`,
      concurrently: found.concurrent === true,
      isNew: schema.isNewRelation(found.relation) || found.skipData === true,
      instead: "Write CONCURRENTLY; it needs a unique index on the view.",
    }
  );
}

function detachesConcurrently(node: Node): boolean {
  return (as(node, "AlterTableStmt")?.cmds ?? []).some(
    (command) => as(as(command, "AlterTableCmd")?.def, "PartitionCmd")?.concurrent === true,
  );
}

/** VACUUM FULL and CLUSTER. */
export function judgeRewritingCommand(node: Node, { schema }: Scene): Remark[] {
  const vacuum = as(node, "VacuumStmt");
  const isFull = (vacuum?.options ?? []).some((option) => isOn(as(option, "DefElem")));
  const relations = (vacuum?.rels ?? []).flatMap((rel) => as(rel, "VacuumRelation")?.relation ?? []);
  const cluster = as(node, "ClusterStmt");
  if (!cluster && !isFull) {
    return [];
  }
  const tables: readonly RangeVar[] = cluster ? (cluster.relation ? [cluster.relation] : []) : relations;
  if (tables.length > 0 && tables.every((table) => schema.isNewRelation(table))) {
    return [];
  }
  const names = tables.map(({ relname }) => relname).join(", ") || "every table";
  return [{ rule: "table-rewrite", what: `${cluster ? "CLUSTER" : "VACUUM FULL"} writes ${names} anew` }];
}

function isOn(option: DefElem | undefined): boolean {
  return option?.defname === "full" && !["false", "off", "0"].includes(textOf(option.arg));
}
