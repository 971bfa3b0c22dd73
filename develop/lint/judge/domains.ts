import type { Node } from "libpg-query";
import type { Remark } from "../finding";
import { as, textOf } from "../tree";
import type { Scene } from "./scene";

/** ALTER DOMAIN … ADD CONSTRAINT and SET NOT NULL of a domain that was there before. */
export function judgeDomain(node: Node, { schema }: Scene): Remark[] {
  const alter = as(node, "AlterDomainStmt");
  const parts = (alter?.typeName ?? []).map(textOf);
  if (!alter || schema.isNew("type", schema.key(parts))) {
    return [];
  }
  // AlterDomainStmt: C adds a constraint, O sets NOT NULL.
  const checksRows = (alter.subtype === "C" && !as(alter.def, "Constraint")?.skip_validation) || alter.subtype === "O";
  return checksRows
    ? [
        {
          rule: "domain-constraint",
          what: `domain ${parts.join(".")} gets a constraint: every table with a column of it is checked`,
        },
      ]
    : [];
}
