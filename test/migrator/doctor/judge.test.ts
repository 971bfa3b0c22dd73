import { judgeActivity } from "../../../migrator/doctor/activity";
import { type Check, exitCodeOf } from "../../../migrator/doctor/check";
import { type ConnectionFacts, judgeConnection } from "../../../migrator/doctor/connection";
import { judgeIndexes } from "../../../migrator/doctor/indexes";
import { judgePrivileges } from "../../../migrator/doctor/privileges";
import { judgeSettings, type SettingFacts } from "../../../migrator/doctor/server-settings";

// What a test server cannot be made to show. Everything else is tested on one.

const inShort = (checks: readonly Check[]) =>
  checks.filter(({ status }) => status !== "ok").map(({ status, code, message }) => `${status} ${code}: ${message}`);

const connection: ConnectionFacts = {
  ...{ database: "orders", host: "db.example", port: 5432, role: "api", auth: "entra" },
  ...{ serverVersion: "17.2", serverVersionNumber: 170_002, tls: { protocol: "TLSv1.3" } },
};

const settings: SettingFacts = {
  ...{ inRecovery: false, readOnly: false, standardStrings: true, checksClients: true, timeouts: {} },
  connections: { used: 10, max: 97 },
};

test("an Entra login over verified TLS is fine", () => {
  expect(judgeConnection(connection).map(({ message }) => message)).toEqual([
    'database "orders" at db.example:5432 as "api", with a Microsoft Entra token',
    "PostgreSQL 17.2",
    "TLSv1.3, certificate and host name verified",
  ]);
});

test("a server older than 14 is a problem", () => {
  expect(inShort(judgeConnection({ ...connection, serverVersion: "13.18", serverVersionNumber: 130_018 }))).toEqual([
    "problem server-version: the server is PostgreSQL 13.18, older than 14",
  ]);
});

test("no TLS to another machine is a warning", () => {
  expect(inShort(judgeConnection({ ...connection, tls: undefined }))).toEqual([
    "warning tls: nothing is encrypted on the way to db.example",
  ]);
});

test("a superuser on another machine is a warning", () => {
  const facts = {
    ...{ role: "postgres", superuser: true, createInDatabase: true, schema: "app", searchPath: "app" },
    ...{ createInSchema: true, ledgerSchema: "schemagate", ledgerSchemaExists: true, createInLedgerSchema: true },
    ...{ ledgerExists: true, missingOnLedger: [], rowSecurityOnLedger: [], foreign: [] },
  };
  expect(inShort(judgePrivileges(facts, "db.example"))).toEqual([
    'warning superuser: "postgres" is a superuser, which migrating does not need',
  ]);
});

test("many tables of another owner are counted, the first ones named", () => {
  const facts = {
    ...{ role: "m", superuser: false, createInDatabase: false, schema: "app", searchPath: "app", createInSchema: true },
    ...{ ledgerSchema: "schemagate", ledgerSchemaExists: true, createInLedgerSchema: true, ledgerExists: false },
    ...{
      missingOnLedger: [],
      rowSecurityOnLedger: [],
      foreign: Array.from({ length: 8 }, (_, i) => ({ name: `t${i}`, owner: "old" })),
    },
  };
  expect(inShort(judgePrivileges(facts, "localhost"))).toEqual([
    'warning foreign-owner: "m" does not own everything in "app" ' +
      '(t0 of "old", t1 of "old", t2 of "old", t3 of "old", t4 of "old" and 3 more): it may not alter or drop those',
  ]);
});

test("an index that is being built is fine", () => {
  expect(judgeIndexes([{ index: "public.a", table: "t", partitioned: false, building: true }])).toEqual([
    { group: "indexes", status: "ok", code: "invalid-index", message: "index public.a on t is being built" },
  ]);
});

test.each([
  ["active", 29_999, []],
  ["active", 30_000, ["warning long-query"]],
  ["idle in transaction", 4_999, []],
  ["idle in transaction", 5_000, ["warning idle-in-transaction"]],
  ["idle in transaction (aborted)", 5_000, ["warning idle-in-transaction"]],
])("a session that is %s for %d ms with locks on a table: %j", (state, openMs, found) => {
  const checks = judgeActivity({
    sessions: [{ pid: 1, role: "api", applicationName: "", state, openMs, tables: ["orders"] }],
    prepared: [],
  });
  expect(inShort(checks).map((text) => text.split(":")[0])).toEqual(found);
});

test.each<[string, Partial<SettingFacts>, string[]]>([
  ["a standby", { inRecovery: true, readOnly: true }, ["problem in-recovery"]],
  ["a read-only server", { readOnly: true }, ["problem read-only"]],
  ["few connections left", { connections: { used: 92, max: 97 } }, ["warning connections"]],
  ["enough connections left", { connections: { used: 91, max: 97 } }, []],
  ["a server that cannot notice a dead client", { checksClients: false }, ["warning client-check"]],
  ["a transaction timeout", { timeouts: { transaction_timeout: 60_000 } }, ["warning transaction-timeout"]],
  ["an idle timeout of a minute", { timeouts: { idle_session_timeout: 60_000 } }, []],
  ["an idle timeout below the lock's polling", { timeouts: { idle_session_timeout: 900 } }, ["warning idle-timeout"]],
])("%s", (_what, facts, found) => {
  expect(inShort(judgeSettings({ ...settings, ...facts })).map((text) => text.split(":")[0])).toEqual(found);
});

test.each<[string, Check["status"], (2 | 4 | 7 | undefined)[], number]>([
  ["nothing", "problem", [], 0],
  ["warnings only", "warning", [undefined], 0],
  ["a problem that up does not look at", "problem", [undefined], 3],
  ["a refused plan and another problem", "problem", [undefined, 4], 4],
  ["a pooler and a refused plan", "problem", [4, 2], 2],
  ["no connection, whatever else", "problem", [4, 2, 7, undefined], 7],
])("the exit code with %s", (_what, status, exitCodes, exitCode) => {
  const checks = exitCodes.map(
    (code): Check => ({ group: "settings", status, code: "x", message: "x", exitCode: code }),
  );
  expect(exitCodeOf(checks)).toBe(exitCode);
});
