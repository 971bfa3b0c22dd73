import type { EventEmitter } from "node:events";
import type { Client, DatabaseError } from "pg";
import type { SqlSection } from "../source/migration";
import { cutIntoPieces, isWhole, type Piece } from "../source/pieces";
import { splitStatements } from "../source/statements";
import { type Position, type StepContext, successSql } from "./context";
import { runDiscardingRows } from "./discard-rows";
import type { FunctionStep, SectionStep } from "./prepare";
import { inOneTransaction } from "./transaction";

/** Runs a step and records it in one transaction. */
export async function runInTransaction(
  prepared: SectionStep | FunctionStep,
  context: StepContext,
  position: Position,
): Promise<void> {
  const run = () =>
    prepared.kind === "section" ? runSection(prepared, context, position) : runFunction(prepared, context);
  await inOneTransaction(prepared, context, context.renewal, run, () => successSql(prepared, context, position));
}

/**
 * Runs the function of a module.
 *
 * @param within runs it with a client made of its own. @default with its own
 */
export async function runFunction(
  { step, run }: FunctionStep,
  { code }: StepContext,
  within: (own: Client, call: (client: Client) => Promise<unknown>) => Promise<unknown> = (own, call) => call(own),
): Promise<void> {
  const { name } = step.migration;
  const call = (client: Client) => run({ client, log: (message) => code.log(name, String(message)) });
  await code.run(name, (own) => within(own, call));
}

/** Runs a section as one message, which costs one round trip however many statements it holds; a long one in pieces. */
async function runSection(prepared: SectionStep, context: StepContext, position: Position): Promise<void> {
  const { client, signal } = context;
  position.offset = undefined;
  let answer = Promise.resolve();
  for (const piece of await piecesOf(prepared.section, client)) {
    // Awaited only when the next piece is cut: the server works meanwhile.
    await answer;
    signal.throwIfAborted();
    answer = runPiece(prepared, piece, context, position);
  }
  await answer;
}

async function piecesOf({ sql }: SqlSection, client: StepContext["client"]): Promise<Iterable<Piece>> {
  if (isWhole(sql)) {
    return [{ sql, offset: 0 }];
  }
  const { rows } = await client.query("SHOW standard_conforming_strings");
  return rows[0]?.standard_conforming_strings === "on" ? cutIntoPieces(sql) : [{ sql, offset: 0 }];
}

async function runPiece(
  { step, section }: SectionStep,
  { sql, offset }: Piece,
  { client }: StepContext,
  position: Position,
): Promise<void> {
  const { connection } = client as unknown as { connection: EventEmitter };
  let finished = 0;
  const count = () => {
    finished += 1;
  };
  connection.on("commandComplete", count);
  try {
    await runDiscardingRows(client, sql);
  } catch (error) {
    if ((error as DatabaseError).position !== undefined) {
      position.offset = offset;
    } else if (step.migration.kind === "sql") {
      // The server names a position for most errors, not for all: then the statement must be found by counting.
      const statements = await splitStatements(step.migration, { ...section, sql }).catch(() => []);
      const statement = statements[finished];
      position.offset = statement && offset + statement.offset;
    }
    throw error;
  } finally {
    connection.off("commandComplete", count);
  }
}
