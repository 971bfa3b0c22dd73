import { catalogSettings, catalogSql, compareCatalogLines, readCatalogLines } from "./catalog-lines";
import type { TestDatabase } from "./database";
import { jsonLines, runMigrator } from "./migrator";

/** A directory of migrations, and what to look at while they run. */
export interface TravellingSet {
  readonly dir: string;
  /** Rows to insert behind a migration, for later ones to change. */
  readonly seeds?: readonly { readonly behind: string; readonly sql: string }[];
  /** Queries, by what they tell: asked when all migrations are applied, with what was made of the seeds. */
  readonly facts?: Readonly<Record<string, string>>;
}

/** What was seen on the way up, down, up and down again. Differences are `- line` and `+ line` of catalogs. */
export interface RoundTrip {
  /** `name state` of each migration, as `status` tells. */
  readonly status: Readonly<Record<"up" | "down" | "upAgain", readonly string[]>>;
  /** What the last of two `up` in a row reported as done, and changed in the catalog. */
  readonly idle: { readonly steps: readonly unknown[]; readonly changes: readonly string[] };
  /** What lies in the database behind `down --all` that did not before the first `up`. */
  readonly leftByDown: readonly string[];
  /** How the schema of the second `up` differs from that of the first. */
  readonly changedByUpAgain: readonly string[];
  /** By migration: what its down left otherwise than its up had found it, the order of columns aside. */
  readonly leftByStep: Readonly<Record<string, readonly string[]>>;
  /** Answers to the facts. */
  readonly facts: Readonly<Record<string, readonly unknown[]>>;
}

/**
 * Runs a set through the real migrator: up with rows in between, up once more, down to nothing with those rows, and
 * then both ways again with each step looked at.
 *
 * @throws Error with what the migrator printed, when a run of it fails.
 */
export async function travel(set: TravellingSet, database: TestDatabase): Promise<RoundTrip> {
  const before = await readCatalogLines(database.url);
  await goUpWithSeeds(set, database);
  const [first, facts] = [await readCatalogLines(database.url), await readFacts(set, database)];
  const up = await readStatus(set, database);
  const idleSteps = stepsOf(await migrate(set, database, "up"));
  const idle = { steps: idleSteps, changes: compareCatalogLines(first, await readCatalogLines(database.url)) };
  await migrate(set, database, "down", "--all");
  const leftByDown = compareCatalogLines(before, await readCatalogLines(database.url));
  const down = await readStatus(set, database);

  await startRecorder(database);
  await migrate(set, database, "up");
  const changedByUpAgain = compareCatalogLines(first, await readCatalogLines(database.url));
  const upAgain = await readStatus(set, database);
  await migrate(set, database, "down", "--all");
  const leftByStep = compareSteps(before, await readRecords(database));
  return { status: { up, down, upAgain }, idle, leftByDown, changedByUpAgain, leftByStep, facts };
}

async function goUpWithSeeds(set: TravellingSet, database: TestDatabase): Promise<void> {
  for (const { behind, sql } of set.seeds ?? []) {
    await migrate(set, database, "up", "--to", behind);
    await database.query(sql);
  }
  await migrate(set, database, "up");
}

async function migrate({ dir }: TravellingSet, database: TestDatabase, command: string, ...more: string[]) {
  const args = [command, "--json", "--dir", dir, "--database-url", database.url, ...more];
  const { code, stdout, stderr } = await runMigrator(args);
  if (code !== 0) {
    throw new Error(`${command} ${more.join(" ")} of ${dir} ended with ${code}:\n${stdout}${stderr}`);
  }
  return jsonLines(stdout);
}

function stepsOf(lines: readonly Record<string, unknown>[]): unknown[] {
  return lines.filter(({ event }) => event === "migrating" || event === "migrated");
}

async function readStatus(set: TravellingSet, database: TestDatabase): Promise<string[]> {
  const lines = await migrate(set, database, "status");
  const found = lines.flatMap(({ migrations }) => (migrations ?? []) as { name: string; state: string }[]);
  return found.map(({ name, state }) => `${name} ${state}`);
}

async function readFacts({ facts = {} }: TravellingSet, database: TestDatabase): Promise<Record<string, unknown[]>> {
  const answers: Record<string, unknown[]> = {};
  for (const [name, sql] of Object.entries(facts)) {
    answers[name] = await database.query(sql);
  }
  return answers;
}

/** What was in the database when the ledger was told of a step. */
interface StepRecord {
  readonly migration: string;
  readonly direction: "up" | "down";
  readonly lines: readonly string[];
}

/**
 * Writes the catalog down whenever the ledger is told of a finished step. A `down --all` hides what the single steps
 * leave behind as soon as the table it belongs to is dropped; a process for each step would take minutes.
 */
async function startRecorder(database: TestDatabase): Promise<void> {
  await database.query(`
    CREATE SCHEMA round_trip;
    CREATE TABLE round_trip.records (
      id bigint GENERATED ALWAYS AS IDENTITY, migration text, direction text, lines text[]
    );
    CREATE FUNCTION round_trip.record() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
      ${catalogSettings.map((setting) => `SET ${setting}`).join(" ")} AS $record$
    BEGIN
      INSERT INTO round_trip.records (migration, direction, lines)
      SELECT coalesce(NEW.name, OLD.name), CASE TG_OP WHEN 'DELETE' THEN 'down' ELSE 'up' END, array_agg(line)
        FROM (${catalogSql}) AS catalog;
      RETURN NULL;
    END $record$;
    CREATE TRIGGER record_up AFTER INSERT OR UPDATE ON schemagate.migrations FOR EACH ROW
      WHEN (NEW.progress IS NULL) EXECUTE FUNCTION round_trip.record();
    CREATE TRIGGER record_down AFTER DELETE ON schemagate.migrations FOR EACH ROW EXECUTE FUNCTION round_trip.record();
  `);
}

async function readRecords(database: TestDatabase): Promise<StepRecord[]> {
  const rows = await database.query("SELECT migration, direction, lines FROM round_trip.records ORDER BY id");
  return rows as unknown as StepRecord[];
}

/** What an earlier down had left already is not the fault of the later one. */
function compareSteps(before: readonly string[], records: readonly StepRecord[]): Record<string, string[]> {
  const ups = records.filter(({ direction }) => direction === "up");
  const downs = new Map(records.filter(({ direction }) => direction === "down").map((down) => [down.migration, down]));
  const left = ups.map(({ migration }, index) => {
    const found = withoutColumnOrder(ups[index - 1]?.lines ?? before);
    return compareCatalogLines(found, withoutColumnOrder(downs.get(migration)?.lines ?? []));
  });
  return Object.fromEntries(
    ups.map(({ migration }, index) => [
      migration,
      left[index]?.filter((line) => !left[index + 1]?.includes(line)) ?? [],
    ]),
  );
}

/** A column that is dropped and added again comes to stand behind the others: no migration can put it back. */
function withoutColumnOrder(lines: readonly string[]): string[] {
  return lines.filter((line) => !line.startsWith("column order "));
}
