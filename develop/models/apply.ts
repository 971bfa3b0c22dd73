import type { Client, DatabaseError } from "pg";
import { isConnectionLost } from "../../migrator/connection/connect";
import { applyError, connectionLost, type Failure } from "./apply-error";
import type { ModelSource } from "./model-adapter";
import { ModelSession, type Task, toTasks } from "./model-session";
import { separateForeignKeys } from "./separate-foreign-keys";

/**
 * SQLSTATEs of what may only be too early: schema, table, column, function, type or the like is missing; no unique
 * constraint for a foreign key yet; no primary key yet that a GROUP BY rests on; no cast yet.
 */
const tooEarly: ReadonlySet<string | undefined> = new Set([
  ...["3F000", "42P01", "42703", "42883", "42704"],
  ...["42830", "42803", "42846"],
]);

/** SQLSTATE classes that say nothing about a statement: the server has no room, ends, or the run was cancelled. */
const serverTrouble = /^(08|53|57|58|XX)/;

/** SQLSTATE duplicate_object. Roles belong to the server: an earlier run, or a migration, may have made them. */
const duplicateObject = "42710";

interface PutOff extends Failure {
  readonly task: Task;
}

/**
 * Brings models into an empty database, statement by statement, each in a transaction of its own. Statements may stand
 * in any order: what fails because something is missing is tried again behind the others, until that helps no more.
 * Bodies of functions are not checked. The session's settings are afterwards those it was opened with.
 *
 * @throws usage (exit 2) with the first statements that fail, each with its place; connection (exit 7) when it is lost.
 */
export async function applyModels(client: Client, models: readonly ModelSource[]): Promise<void> {
  const session = new ModelSession(client);
  const failures: Failure[] = [];
  let waiting = models.flatMap(({ statements }) => toTasks(statements));
  let separated = false;
  while (waiting.length > 0) {
    const putOff = await runAll(session, waiting, failures);
    const stuck = putOff.length > 0 && putOff.length === waiting.length;
    waiting = putOff.map(({ task }) => task);
    if (stuck) {
      // Tables that refer to each other can only be made without that first.
      const parts = separated ? undefined : await separateForeignKeys(waiting);
      if (!parts) {
        throw applyError(failures, putOff);
      }
      waiting = parts;
      separated = true;
    }
  }
  if (failures.length > 0) {
    throw applyError(failures, []);
  }
  await session.reset();
}

/** @returns what failed and may succeed later; what never will is added to the failures. */
async function runAll(session: ModelSession, tasks: readonly Task[], failures: Failure[]): Promise<PutOff[]> {
  const putOff: PutOff[] = [];
  for (const task of tasks) {
    const failed = await session.run(task);
    if (!failed) {
      continue;
    }
    const { code } = failed.cause as Partial<DatabaseError>;
    if (isConnectionLost(failed.cause)) {
      throw connectionLost(failed);
    }
    if (code === undefined || serverTrouble.test(code)) {
      throw applyError([failed], []);
    }
    if (tooEarly.has(code)) {
      putOff.push({ ...failed, task });
    } else if (!(code === duplicateObject && failed.statement.createsRole)) {
      failures.push(failed);
    }
  }
  return putOff;
}
