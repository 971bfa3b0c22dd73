import type { EventEmitter } from "node:events";
import type { DatabaseError } from "pg";
import type { FunctionStep, SectionStep } from "../prepare";
import { splitStatements } from "../source/statements";
import { type Position, recordSuccess, type StepContext } from "./context";
import { runDiscardingRows } from "./discard-rows";
import { inOneTransaction } from "./transaction";

/** Runs a step and records it in one transaction. */
export async function runInTransaction(
  prepared: SectionStep | FunctionStep,
  context: StepContext,
  position: Position,
): Promise<void> {
  const run = () =>
    prepared.kind === "section" ? runSection(prepared, context, position) : runFunction(prepared, context);
  await inOneTransaction(prepared, context, run, () => recordSuccess(prepared, context, position));
}

/** Runs the function of a module. */
export async function runFunction({ step, run }: FunctionStep, { client, report }: StepContext): Promise<void> {
  const { name } = step.migration;
  await run({ client, log: (message) => report({ event: "log", migration: name, message: String(message) }) });
}

/** Runs a section as one message, which costs one round trip however many statements it holds. */
async function runSection({ step, section }: SectionStep, { client }: StepContext, position: Position): Promise<void> {
  const { connection } = client as unknown as { connection: EventEmitter };
  let finished = 0;
  const count = () => {
    finished += 1;
  };
  connection.on("commandComplete", count);
  try {
    await runDiscardingRows(client, section.sql);
  } catch (error) {
    // The server names a position for most errors, not for all: then the statement must be found by counting.
    if ((error as DatabaseError).position === undefined && step.migration.kind === "sql") {
      const statements = await splitStatements(step.migration, section).catch(() => []);
      position.offset = statements[finished]?.offset;
    }
    throw error;
  } finally {
    connection.off("commandComplete", count);
  }
}
