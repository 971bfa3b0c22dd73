import type { AlterTableCmd, Node, RangeVar } from "libpg-query";
import type { Remark } from "../finding";
import type { Schema } from "../schema";
import { as } from "../tree";
import type { Scene } from "./scene";

/** What a lock on a table makes wait. */
export interface Lock {
  readonly table: string;
  readonly blocks: "writes" | "reads and writes";
}

type Kind = NonNullable<AlterTableCmd["subtype"]>;

/** Actions of ALTER TABLE under which reads and writes go on (AlterTableGetLockLevel: SHARE UPDATE EXCLUSIVE). */
const harmless: ReadonlySet<Kind> = new Set<Kind>([
  "AT_ValidateConstraint",
  "AT_SetStatistics",
  "AT_SetOptions",
  "AT_ResetOptions",
  "AT_SetRelOptions",
  "AT_ResetRelOptions",
  "AT_ClusterOn",
  "AT_DropCluster",
  "AT_AttachPartition",
]);

/** Actions under which reads go on (SHARE ROW EXCLUSIVE). */
const readable: ReadonlySet<Kind> = new Set<Kind>([
  "AT_EnableTrig",
  "AT_EnableTrigAll",
  "AT_EnableTrigUser",
  "AT_DisableTrig",
  "AT_DisableTrigAll",
  "AT_DisableTrigUser",
]);

/** LOCK modes from SHARE on make writes wait, ACCESS EXCLUSIVE (8) reads as well (lockdefs.h). */
const lockModes = { share: 5, accessExclusive: 8 } as const;

/** Locks of tables that were there before, as far as the text tells them; DROP is not counted: its table is out of use. */
export function locksOf(node: Node, schema: Schema): Lock[] {
  const lock = (relation: RangeVar | undefined, blocks: Lock["blocks"]): Lock[] =>
    relation === undefined || schema.isNewRelation(relation) || schema.indexes.has(schema.relationKey(relation))
      ? []
      : [{ table: schema.relationKey(relation), blocks }];
  const alter = as(node, "AlterTableStmt");
  if (alter && ["OBJECT_TABLE", "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE"].includes(alter.objtype ?? "")) {
    return (alter.cmds ?? []).flatMap((command) => {
      const { subtype, def } = as(command, "AlterTableCmd") ?? {};
      const constraint = as(def, "Constraint");
      if (subtype === undefined || harmless.has(subtype)) {
        return [];
      }
      return constraint?.contype === "CONSTR_FOREIGN"
        ? [...lock(alter.relation, "writes"), ...lock(constraint.pktable, "writes")]
        : lock(alter.relation, readable.has(subtype) ? "writes" : "reads and writes");
    });
  }
  const rename = as(node, "RenameStmt");
  if (rename?.renameType === "OBJECT_TABLE" || rename?.renameType === "OBJECT_COLUMN") {
    return lock(rename.relation, "reads and writes");
  }
  const explicit = as(node, "LockStmt");
  if (explicit) {
    const mode = explicit.mode ?? 0;
    const blocks = mode >= lockModes.accessExclusive ? "reads and writes" : "writes";
    return mode < lockModes.share
      ? []
      : (explicit.relations ?? []).flatMap((item) => lock(as(item, "RangeVar"), blocks));
  }
  const create = as(node, "CreateStmt");
  if (create) {
    return referenced(create.tableElts).flatMap((table) => lock(table, "writes"));
  }
  const index = as(node, "IndexStmt");
  if (index && !index.concurrent) {
    return lock(index.relation, "writes");
  }
  return lock(as(node, "CreateTrigStmt")?.relation, "writes");
}

/** Tables that the foreign keys of a new table refer to: they get a trigger. */
function referenced(elements: readonly Node[] | undefined): RangeVar[] {
  const constraints = (elements ?? []).flatMap((element) => [
    element,
    ...(as(element, "ColumnDef")?.constraints ?? []),
  ]);
  return constraints.flatMap((node) => as(node, "Constraint")?.pktable ?? []);
}

/** LOCK TABLE, a partition made in place, and a second table locked in the same transaction. */
export function judgeLocks(node: Node, { schema, section, memory }: Scene): Remark[] {
  const locks = locksOf(node, schema);
  const [first] = locks;
  if (as(node, "LockStmt") && first) {
    return [
      {
        rule: "lock-blocking",
        what: `LOCK TABLE blocks ${first.blocks} of ${locks.map(({ table }) => table).join(", ")} until the transaction ends`,
      },
    ];
  }
  const create = as(node, "CreateStmt");
  const parent = create?.partbound ? as(create.inhRelations?.[0], "RangeVar") : undefined;
  if (parent && !schema.isNewRelation(parent)) {
    return [
      {
        rule: "lock-blocking",
        what: `PARTITION OF blocks reads and writes of ${parent.relname}, and reads all of its default partition`,
        instead:
          "CREATE TABLE … (LIKE …) and ALTER TABLE … ATTACH PARTITION: that lets reads and writes of the parent pass.",
      },
    ];
  }
  return section.transaction ? judgeSecondTable(locks, memory.locked) : [];
}

function judgeSecondTable(locks: readonly Lock[], held: ReadonlyMap<string, Lock["blocks"]>): Remark[] {
  const strong = locks.find(({ table, blocks }) => blocks === "reads and writes" && !held.has(table));
  const [other] = [...held].find(([, blocks]) => blocks === "reads and writes") ?? [];
  return strong && other
    ? [
        {
          rule: "lock-blocking",
          what: `reads and writes of ${strong.table} are blocked while ${other} is locked too, until the transaction ends`,
        },
      ]
    : [];
}

/** Remembers the locks of a statement: a transaction holds them to its end. */
export function rememberLocks(node: Node, { schema, memory }: Scene): void {
  for (const { table, blocks } of locksOf(node, schema)) {
    if (memory.locked.get(table) !== "reads and writes") {
      memory.locked.set(table, blocks);
    }
  }
}
