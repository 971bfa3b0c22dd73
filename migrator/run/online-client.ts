import type { Client } from "pg";
import { type Online, onlineOf } from "../source/online";
import { parseSql } from "../source/parser";
import type { Position, StepContext } from "./context";
import { interceptQueries, type QueryArguments, sqlOf } from "./intercept";
import { makeWay } from "./online";
import { withoutLockTimeout } from "./patience";
import type { FunctionStep } from "./prepare";

/** Words of which an online statement has one; most queries have none and need no parser. */
const suspicious = /\b(concurrently|vacuum|analyze|analyse|finalize)\b/i;

/**
 * The client for a module without a transaction. Its statements that work beside reads and writes are run as those of an SQL
 * migration are: they wait as long as it takes, and do not stumble over what an earlier try left behind.
 *
 * @param own the client of the module's code.
 */
export function onlineClient(own: Client, { step, options }: FunctionStep, context: StepContext, position: Position) {
  const { client, limits } = context;
  let isPatient = options.lockTimeoutMs === undefined;
  /** The end of the queries that a query behind them waits for, so that the server gets them in the order they were sent. */
  let before: Promise<unknown> | undefined;
  const sendOnline = async (sql: string, send: () => unknown) => {
    const online = await readOnline(sql);
    if (!online) {
      return send();
    }
    const run = async () => {
      const { invalidBefore = [] } = position;
      const instead = await makeWay(context, step.migration.name, online, sql, { invalidBefore });
      return instead === sql ? send() : own.query(instead);
    };
    return isPatient ? withoutLockTimeout(client, limits.lockTimeoutMs, run) : run();
  };
  return interceptQueries(own, (given, send) => {
    const sql = isStatement(given) ? sqlOf(given) : "";
    // Who sets one himself knows why.
    isPatient &&= !/\block_timeout\b/i.test(sql);
    const isOnline = suspicious.test(sql);
    if (!isOnline && !before) {
      return send();
    }
    const answer = (before ?? Promise.resolve()).then(() => (isOnline ? sendOnline(sql, send) : send()));
    const end = answer
      .catch(() => undefined)
      .finally(() => {
        before = before === end ? undefined : before;
      });
    before = end;
    return answer;
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
