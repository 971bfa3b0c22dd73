import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createTestDatabase, type TestDatabase } from "../../support/database";
import { type Ended, jsonLines, runMigrator, writeMigrations } from "../../support/migrator";

const fixtures = join(__dirname, "fixtures");

/** Path of a file that the other tools wrote. */
export function fixture(name: string): string {
  return join(fixtures, name);
}

/** Makes a database as another tool left it. */
export async function createAdoptedDatabase(name: string): Promise<TestDatabase> {
  const database = await createTestDatabase();
  await database.query(readFileSync(fixture(`${name}.sql`), "utf8"));
  return database;
}

/** The three migrations that every tool applied to make its fixture. */
const bodies = [
  "CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL);",
  "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers);",
  "ALTER TABLE orders ADD COLUMN total_cents bigint;",
];

/** Writes migrations under the given names: the fixture's three, and new ones behind them. */
export function writeNamed(...names: readonly string[]): string {
  const files = names.map((name, index) => [
    `${name}.sql`,
    `-- migrate:up\n${bodies[index] ?? `CREATE TABLE new_${index} (id bigint);`}\n`,
  ]);
  return writeMigrations(Object.fromEntries(files));
}

/** Runs a command on a database, with JSON lines. */
export function run(database: TestDatabase, dir: string, ...args: readonly string[]): Promise<Ended> {
  return runMigrator([...args, "--dir", dir, "--database-url", database.url, "--json"]);
}

/** The events of one name that a run printed. */
export function events(ended: Ended, name: string): Record<string, unknown>[] {
  return jsonLines(ended.stdout).filter(({ event }) => event === name);
}

/** The problems of a run that was refused. */
export function problemsOf(ended: Ended): { code: string; message: string; hint?: string }[] {
  const [error] = jsonLines(ended.stderr) as [{ code: string; message: string; problems?: [] }];
  return error?.problems ?? (error ? [error] : []);
}

/** The state of the ledger, or nothing when there is none. */
export async function readLedger(database: TestDatabase): Promise<Record<string, unknown>[]> {
  const [row] = await database.query("SELECT to_regclass('schemagate.migrations') AS found");
  return row?.found ? database.query("SELECT name, applied_at AS at FROM schemagate.migrations ORDER BY sequence") : [];
}

/** Whether anything of ours is in the database. */
export async function isUntouched(database: TestDatabase): Promise<boolean> {
  return (await database.query("SELECT 1 FROM pg_namespace WHERE nspname = 'schemagate'")).length === 0;
}
