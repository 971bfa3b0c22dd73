import type { SqlSection } from "../../../migrator/source/migration";
import type { Remark } from "../finding";
import { learn } from "../learn";
import type { Schema } from "../schema";
import type { ParsedStatement } from "../statement";
import { judgeAlterTable } from "./alter-table";
import { judgeData, judgeEnumValue, rememberEnumValue, type Write, writeOf } from "./data";
import { judgeDomain } from "./domains";
import { judgeDrop } from "./drops";
import { judgeConcurrently, judgeRewritingCommand } from "./indexes";
import { judgeLocks, rememberLocks } from "./locks";
import { judgeMixed } from "./mixed";
import { isAboutNew } from "./only-new";
import { judgeRename } from "./renames";
import type { Judge, Memory } from "./scene";
import { judgeSectionTimeout, judgeSettings } from "./settings";

const judges: readonly Judge[] = [
  ...[judgeAlterTable, judgeConcurrently, judgeRewritingCommand, judgeDrop, judgeRename, judgeDomain],
  ...[judgeData, judgeEnumValue, judgeLocks, judgeSettings, judgeSectionTimeout],
];

/** What the rules say about a statement of a section. */
export interface Judgement {
  readonly statement: ParsedStatement;
  readonly remarks: readonly Remark[];
  /** Whether all tables that it names are new: then squawk, which does not know that, is not asked about it. */
  readonly onlyNew: boolean;
}

/**
 * Judges the statements of a section in their order.
 *
 * @param schema what the migrations before have made; learns what this section does.
 */
export function judgeSection(section: SqlSection, statements: readonly ParsedStatement[], schema: Schema): Judgement[] {
  const memory: Memory = { locked: new Map(), enumValues: new Map() };
  const writes = new Map<ParsedStatement, Write>();
  const judgements = statements.map((statement) => {
    const { node } = statement;
    const scene = { statement, statements, section, schema, memory };
    const judgement = {
      statement,
      remarks: judges.flatMap((judge) => judge(node, scene)),
      onlyNew: isAboutNew(statement, schema),
    };
    const write = writeOf(node, schema);
    if (write) {
      writes.set(statement, write);
    }
    rememberLocks(node, scene);
    rememberEnumValue(node, scene);
    learn(schema, statement);
    return judgement;
  });
  const mixed = judgeMixed(statements, writes);
  return judgements.map((judgement) =>
    judgement.statement === mixed?.statement && !judgement.remarks.some(({ rule }) => rule === "work-under-lock")
      ? { ...judgement, remarks: [...judgement.remarks, mixed.remark] }
      : judgement,
  );
}

/** Of what goes down only what cannot run is told: it runs when a release is taken back, not under its usual traffic. */
export function judgeDown(section: SqlSection, statements: readonly ParsedStatement[], schema: Schema): Judgement[] {
  const memory: Memory = { locked: new Map(), enumValues: new Map() };
  return statements.map((statement) => ({
    statement,
    remarks: judgeConcurrently(statement.node, { statement, statements, section, schema, memory }).filter(
      ({ rule }) => rule === "concurrently-in-transaction",
    ),
    onlyNew: true,
  }));
}
