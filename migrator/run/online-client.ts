import type { Client } from "pg";
import { type Online, onlineOf } from "../source/online";
import { parseSql } from "../source/parser";
import type { Position, StepContext } from "./context";
import { interceptQueries, type QueryArguments, sqlOf } from "./intercept";
import { notAwaited } from "./module-code";
import { makeWay } from "./online";
import type { FunctionStep } from "./prepare";
import { withoutLockTimeout } from "./without-lock-timeout";

/** Words of which an online statement has one; most queries have none and need no parser. */
const suspicious = /\b(concurrently|vacuum|analyze|analyse|finalize)\b/i;

/**
 * Calls a module without a transaction with a client whose statements that work beside reads and writes are run as those of
 * an SQL migration are: they wait as long as it takes, and do not stumble over what an earlier try left behind.
 *
 * @param own the client of the module's code.
 * @throws what the call throws, or that a query of it was still to be sent when it ended.
 */
export async function withOnlineClient(
  own: Client,
  prepared: FunctionStep,
  context: StepContext,
  position: Position,
  call: (client: Client) => Promise<unknown>,
): Promise<unknown> {
  const queue = new Queue();
  const result = await call(onlineClient(own, prepared, context, position, queue));
  if (queue.end) {
    await queue.end;
    throw new Error(`it ${notAwaited}`);
  }
  return result;
}

/** Keeps queries in the order in which they were sent, while one of them has to look first. */
class Queue {
  /** The end of what is in it; undefined while it is empty. */
  end: Promise<unknown> | undefined;

  add(send: () => unknown): Promise<unknown> {
    const answer = (this.end ?? Promise.resolve()).then(send);
    const end = answer
      .catch(() => undefined)
      .finally(() => {
        this.end = this.end === end ? undefined : this.end;
      });
    this.end = end;
    return answer;
  }
}

function onlineClient(
  own: Client,
  { step, options }: FunctionStep,
  { limits, report }: StepContext,
  { invalidBefore = [] }: Position,
  queue: Queue,
): Client {
  let isPatient = options.lockTimeoutMs === undefined;
  const sendOnline = async (sql: string, send: () => unknown) => {
    const online = await readOnline(sql);
    if (!online) {
      return send();
    }
    const run = async () => {
      const instead = await makeWay({ client: own, report }, step.migration.name, online, sql, { invalidBefore });
      return instead === sql ? send() : own.query(instead);
    };
    return isPatient ? withoutLockTimeout(own, limits.lockTimeoutMs, run) : run();
  };
  return interceptQueries(own, (given, send) => {
    const sql = isStatement(given) ? sqlOf(given) : "";
    // Who sets one himself knows why.
    isPatient &&= !/\block_timeout\b/i.test(sql);
    if (suspicious.test(sql)) {
      return queue.add(() => sendOnline(sql, send));
    }
    return queue.end ? queue.add(send) : send();
  });
}

/** A cursor and the like are given back at once: they are left alone. */
function isStatement([query]: QueryArguments): boolean {
  return typeof (query as { submit?: unknown } | undefined)?.submit !== "function";
}

/** Of several statements in one message PostgreSQL lets none be online; what does not parse it says better itself. */
async function readOnline(sql: string): Promise<Online | undefined> {
  const { stmts = [] } = await parseSql(sql).catch(() => ({ stmts: [] }));
  const [only] = stmts;
  return stmts.length === 1 && only?.stmt ? onlineOf(only.stmt) : undefined;
}
