import { useTestDatabase } from "../../support/database";
import { type Ended, jsonLines, runBin, runMigrator, writeMigrations } from "../../support/migrator";

/** What a deployment with many replicas does: all init containers start at the same moment. */
const herdSize = 20;

const database = useTestDatabase();

const addTen = (version: number) => [
  `2026010100000${version}_add_ten.sql`,
  "-- migrate:up\nUPDATE balance SET amount = amount + 10;\n-- migrate:down\nUPDATE balance SET amount = amount - 10;\n",
];

function runHerd(dir: string, run: typeof runBin): Promise<Ended[]> {
  return Promise.all(
    Array.from({ length: herdSize }, () => run(["up", "--json", "--dir", dir, "--database-url", database.url])),
  );
}

function appliedBy(herd: readonly Ended[]): unknown[] {
  return herd
    .flatMap(({ stdout }) => jsonLines(stdout))
    .filter(({ event }) => event === "migrated")
    .map(({ migration }) => migration);
}

test("INV-6: twenty processes started at once apply each of five pending migrations once, and all exit 0", async () => {
  await database.query("CREATE TABLE balance AS SELECT 0 AS amount");
  const dir = writeMigrations(Object.fromEntries([1, 2, 3, 4, 5].map(addTen)));

  const herd = await runHerd(dir, runBin);

  expect(herd.map(({ code, stderr }) => (code === 0 ? 0 : stderr))).toEqual(Array(herdSize).fill(0));
  expect(await database.query("SELECT amount FROM balance")).toEqual([{ amount: 50 }]);
  expect(appliedBy(herd)).toHaveLength(5);
  expect(await database.query("SELECT count(*)::integer AS runs FROM schemagate.runs")).toEqual([{ runs: 5 }]);
});

test("twenty runs at once do not hang when one of the migrations is CREATE INDEX CONCURRENTLY", async () => {
  await database.query("CREATE TABLE balance AS SELECT 0 AS amount");
  const dir = writeMigrations({
    ...Object.fromEntries([1, 2].map(addTen)),
    "20260101000003_index.sql":
      "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY balance_amount ON balance (amount);\n",
    ...Object.fromEntries([4, 5].map(addTen)),
  });

  const herd = await runHerd(dir, runMigrator);

  expect(herd.map(({ code, stderr }) => (code === 0 ? 0 : stderr))).toEqual(Array(herdSize).fill(0));
  expect(await database.query("SELECT amount FROM balance")).toEqual([{ amount: 40 }]);
  expect(appliedBy(herd)).toHaveLength(5);
  expect(await database.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'balance_amount'::regclass")).toEqual(
    [{ indisvalid: true }],
  );
});
