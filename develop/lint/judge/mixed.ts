import type { Remark } from "../finding";
import type { ParsedStatement } from "../statement";
import { kindOf } from "../tree";
import type { Write } from "./data";

/** DDL that is written in front of data changes because they need it; or that changes no table. */
const besideData = new Set([
  "CommentStmt",
  "GrantStmt",
  "VariableSetStmt",
  "TransactionStmt",
  "LockStmt",
  "TruncateStmt",
  "DoStmt",
]);

const data = new Set([
  "SelectStmt",
  "UpdateStmt",
  "DeleteStmt",
  "InsertStmt",
  "MergeStmt",
  "CopyStmt",
  "CallStmt",
  "ExecuteStmt",
]);

/** A section that changes both existing rows and the schema; told once, at its first change of rows. */
export function judgeMixed(
  statements: readonly ParsedStatement[],
  writes: ReadonlyMap<ParsedStatement, Write>,
): { statement: ParsedStatement; remark: Remark } | undefined {
  const [first] = writes;
  const schemaChange = statements.some(({ node }) => !besideData.has(kindOf(node)) && !data.has(kindOf(node)));
  return first && schemaChange
    ? {
        statement: first[0],
        remark: {
          rule: "mixed-data-and-schema",
          what: `${first[1].verb} of ${first[1].table} beside changes of the schema`,
        },
      }
    : undefined;
}
