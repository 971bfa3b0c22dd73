import type { Node } from "libpg-query";
import type { Remark } from "../finding";
import { as, constants, textOf } from "../tree";
import { locksOf } from "./locks";
import { following, type Scene } from "./scene";

/** A setting that a statement changes. */
interface Setting {
  readonly name: string;
  readonly local: boolean;
  readonly value: string;
}

/** SET, set_config, and what they leave behind. */
export function judgeSettings(node: Node, scene: Scene): Remark[] {
  const setting = settingOf(node);
  if (!setting) {
    return [];
  }
  const { name, local, value } = setting;
  if (name === "session_replication_role" && value !== "origin") {
    return [
      { rule: "disable-trigger", what: `session_replication_role = ${value} turns off triggers and foreign keys` },
    ];
  }
  if (name === "lock_timeout" && /^0/.test(value)) {
    return [{ rule: "no-lock-timeout", what: "lock_timeout is set to 0: waits for locks have no end" }];
  }
  if (local) {
    // SET LOCAL itself is refused there.
    return scene.section.transaction || "VariableSetStmt" in node
      ? []
      : [
          {
            rule: "session-setting",
            what: `set_config("${name}", …, true) sets nothing: the migration has no transaction`,
          },
        ];
  }
  return isReset(name, scene) ? [] : [{ rule: "session-setting", what: `SET ${name} stays set behind the migration` }];
}

function settingOf(node: Node): Setting | undefined {
  const set = as(node, "VariableSetStmt");
  if (set) {
    const isSet = set.kind === "VAR_SET_VALUE" || set.kind === "VAR_SET_CURRENT";
    return isSet
      ? { name: set.name ?? "", local: set.is_local === true, value: constants(set.args ?? []).join(", ") }
      : undefined;
  }
  for (const target of as(node, "SelectStmt")?.targetList ?? []) {
    const call = as(as(target, "ResTarget")?.val, "FuncCall");
    if (textOf(call?.funcname?.at(-1)) === "set_config") {
      const [name = "", value = ""] = constants(call?.args ?? []);
      return { name, value, local: as(call?.args?.[2], "A_Const")?.boolval?.boolval === true };
    }
  }
  return undefined;
}

function isReset(name: string, scene: Scene): boolean {
  return following(scene).some(({ node }) => {
    const set = as(node, "VariableSetStmt");
    return (
      set?.kind === "VAR_RESET_ALL" ||
      ((set?.kind === "VAR_RESET" || set?.kind === "VAR_SET_DEFAULT") && set.name === name) ||
      as(node, "DiscardStmt") !== undefined
    );
  });
}

/** The section's own lock_timeout:0. CONCURRENTLY waits without standing in anybody's way, so there it is right. */
export function judgeSectionTimeout(node: Node, { schema, section }: Scene): Remark[] {
  const [lock] = locksOf(node, schema);
  return section.lockTimeoutMs === 0 && lock
    ? [{ rule: "no-lock-timeout", what: `lock_timeout:0 for a statement that blocks ${lock.blocks} of ${lock.table}` }]
    : [];
}
