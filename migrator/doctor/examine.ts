import type { Client } from "pg";
import { isConnectionLost } from "../connection/connect";
import { isSqlState } from "../connection/sql-error";
import { exitCodes } from "../errors";
import { Ledger, type LedgerRow } from "../ledger/ledger";
import { type ProcessContext, withDatabase } from "../run/session";
import type { databaseOptions, OptionValues, policyOptions, sourceOptions } from "../settings";
import { loadSource } from "../source/load";
import type { Source } from "../source/migration";
import { judgeActivity, readActivity } from "./activity";
import { type Check, checksOf, type Group } from "./check";
import { judgeConnection, judgePooler, readConnection, readPooler } from "./connection";
import { judgeIndexes, readInvalidIndexes } from "./indexes";
import { attempt, judgeLedger, judgeSource, type Reading } from "./migrations";
import { judgePrivileges, readPrivileges } from "./privileges";
import { judgeSettings, readSettings } from "./server-settings";

type Settings = OptionValues<typeof sourceOptions & typeof databaseOptions & typeof policyOptions>;

/** Catalog queries take milliseconds; one that does not must not keep the doctor, nor anybody else, waiting. */
const queryTimeoutMs = 10_000;

/**
 * Looks at connection, role, migrations, indexes, sessions and settings: reads only, takes no lock, stops at no problem.
 *
 * @throws usage (exit 2) when the settings do not even say where to connect.
 */
export async function examine(settings: Settings, context: ProcessContext): Promise<Check[]> {
  const source = await attempt(() => loadSource(settings.dir));
  const ofSource = await judgeSource(source);
  const ofDatabase = await attempt(() =>
    withDatabase(settings, context, ({ client }) => examineDatabase(client, settings, context, source)),
  );
  if ("value" in ofDatabase) {
    return [...ofSource, ...ofDatabase.value];
  }
  const { error } = ofDatabase;
  if (error.exitCode !== exitCodes.connection) {
    throw error;
  }
  return [...ofSource, checksOf("connection").problem(error, error.exitCode)];
}

async function examineDatabase(
  client: Client,
  settings: Settings,
  context: ProcessContext,
  source: Reading<Source>,
): Promise<Check[]> {
  const { ledgerSchema } = settings;
  const connection = await examineGroup(client, context, "connection", async () =>
    judgeConnection(await readConnection(client, settings.auth)),
  );
  // Outside a transaction, in which a pooler would leave the server process with this connection.
  const pooler = await readPooler(client);
  const groups: [Group, () => Promise<Check[]>][] = [
    ["privileges", async () => judgePrivileges(await readPrivileges(client, ledgerSchema), client.host)],
    ["migrations", async () => judgeLedger(source, await attempt(() => readLedger(client, ledgerSchema)), settings)],
    ["indexes", async () => judgeIndexes(await readInvalidIndexes(client))],
    ["activity", async () => judgeActivity(await readActivity(client, ledgerSchema))],
    ["settings", async () => judgeSettings(await readSettings(client))],
  ];
  const checks = [...connection, judgePooler(pooler)];
  for (const [group, body] of groups) {
    checks.push(...(await examineGroup(client, context, group, body)));
  }
  return checks;
}

/** A ledger that is absent is an error of the server's first, which must not end the group's transaction. */
function readLedger(client: Client, ledgerSchema: string): Promise<LedgerRow[]> {
  const query = async (...statement: Parameters<Client["query"]>) => {
    await client.query("SAVEPOINT ledger");
    try {
      return await client.query(...statement);
    } catch (error) {
      await client.query("ROLLBACK TO SAVEPOINT ledger");
      throw error;
    }
  };
  return new Ledger({ query: query as unknown as Client["query"] }, ledgerSchema).read();
}

/** Runs one group in a read-only transaction of its own; what fails in it is one problem more, not the end. */
async function examineGroup(
  client: Client,
  { signal }: ProcessContext,
  group: Group,
  body: () => Promise<Check[]>,
): Promise<Check[]> {
  signal.throwIfAborted();
  try {
    // SET LOCAL: behind a pooler, a setting of the session would be the next client's.
    await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${queryTimeoutMs}`);
    return await body();
  } catch (error) {
    const { message, code = "" } = error as Error & { code?: string };
    // An SQLSTATE: the server said so. Anything else is a bug, and must show.
    if (isConnectionLost(error) || !isSqlState(code)) {
      throw error;
    }
    const hint = "If a right is missing: run `doctor` as the role that migrates, or grant it what `bootstrap` grants.";
    return [
      checksOf(group).problem({ code: "not-examined", message: `cannot look at ${group}: ${message} (${code})`, hint }),
    ];
  } finally {
    await client.query("ROLLBACK").catch(() => undefined);
  }
}
