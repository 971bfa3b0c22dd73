import type { TestDatabase } from "../../support/database";
import { jsonLines } from "../../support/migrator";
import { createAdoptedDatabase, events, fixture, readLedger, run, writeNamed } from "./support";

interface Case {
  readonly title: string;
  /** File of the database as the tool left it. @default the tool's name */
  readonly fixture?: string;
  readonly from: string;
  readonly args?: readonly string[];
  /** The tool's table. */
  readonly table: string;
  /** Migrations here, in order. */
  readonly names: readonly string[];
  /** What the tool calls them, and why it is the same; in the order of the mapping. */
  readonly mapping: readonly (readonly [theirs: string | null, reason: string])[];
  /** SQL of the times that the tool kept, in order; none when it keeps no time. */
  readonly times?: string;
}

const stamped = ["20260101080000_create_customers", "20260102080000_create_orders", "20260103080000_add_orders_total"];
const renamed = ["20260201000000_customers", "20260202000000_orders", "20260203000000_totals"];

const cases: readonly Case[] = [
  {
    title: "dbmate",
    from: "dbmate",
    table: "public.schema_migrations",
    names: stamped,
    mapping: [
      ["20260101080000", "number"],
      ["20260102080000", "number"],
      ["20260103080000", "number"],
    ],
  },
  {
    title: "golang-migrate, which keeps only the newest version",
    from: "golang-migrate",
    table: "public.schema_migrations",
    names: ["000001_create_customers", "000002_create_orders", "000003_add_orders_total"],
    mapping: [
      [null, "older"],
      [null, "older"],
      ["3", "number"],
    ],
  },
  {
    title: "Flyway",
    from: "flyway",
    table: "public.flyway_schema_history",
    names: ["1_create_customers", "2_create_orders", "3_add_orders_total"],
    mapping: [
      ["1", "number"],
      ["2", "number"],
      ["3", "number"],
    ],
    times: "SELECT installed_on::timestamptz AS at FROM flyway_schema_history ORDER BY installed_rank",
  },
  {
    title: "Flyway whose versions were replaced by timestamps, by description",
    from: "flyway",
    table: "public.flyway_schema_history",
    names: stamped,
    mapping: [
      ["1", "name"],
      ["2", "name"],
      ["3", "name"],
    ],
    times: "SELECT installed_on::timestamptz AS at FROM flyway_schema_history ORDER BY installed_rank",
  },
  {
    title: "Flyway with a baseline, undone, deleted and repeatable migrations",
    fixture: "flyway-eventful",
    from: "flyway",
    table: "public.flyway_schema_history",
    names: ["1_create_customers", "2_create_orders", "3_add_orders_total"],
    mapping: [
      [null, "older"],
      ["2", "number"],
      ["3", "number"],
    ],
  },
  {
    title: "node-pg-migrate",
    from: "node-pg-migrate",
    table: "public.pgmigrations",
    names: ["1767254400000_create-customers", "1767340800000_create-orders", "1767427200000_add-orders-total"],
    mapping: [
      ["1767254400000_create-customers", "number"],
      ["1767340800000_create-orders", "number"],
      ["1767427200000_add-orders-total", "number"],
    ],
    times: "SELECT run_on::timestamptz AS at FROM pgmigrations ORDER BY id",
  },
  {
    title: "knex",
    from: "knex",
    table: "public.knex_migrations",
    names: stamped,
    mapping: stamped.map((name) => [`${name}.js`, "number"]),
    times: "SELECT migration_time AS at FROM knex_migrations ORDER BY id",
  },
  {
    title: "umzug",
    from: "umzug",
    table: 'public."SequelizeMeta"',
    names: stamped,
    mapping: stamped.map((name) => [`${name}.js`, "number"]),
  },
  {
    title: "umzug with a table of its own and timestamps",
    from: "umzug",
    args: ["--table", "public.migrations_at"],
    table: "public.migrations_at",
    names: stamped,
    mapping: stamped.map((name) => [`${name}.js`, "number"]),
    times: 'SELECT "createdAt" AS at FROM migrations_at ORDER BY name',
  },
  {
    title: "Prisma",
    from: "prisma",
    table: "public._prisma_migrations",
    names: stamped,
    mapping: stamped.map((name) => [name, "number"]),
    times: "SELECT finished_at AS at FROM _prisma_migrations ORDER BY finished_at",
  },
  {
    title: "Prisma with a migration that failed, was rolled back and then resolved",
    fixture: "prisma-rolled-back",
    from: "prisma",
    table: "public._prisma_migrations",
    names: [...stamped, "20260104080000_add_broken"],
    mapping: [...stamped, "20260104080000_add_broken"].map((name) => [name, "number"]),
    times: "SELECT finished_at AS at FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY finished_at",
  },
  {
    title: "Drizzle, whose journal knows the names",
    from: "drizzle",
    args: ["--journal", fixture("drizzle-journal.json")],
    table: "drizzle.__drizzle_migrations",
    names: ["0000_create_customers", "0001_create_orders", "0002_add_orders_total"],
    mapping: [
      ["0000_create_customers", "number"],
      ["0001_create_orders", "number"],
      ["0002_add_orders_total", "number"],
    ],
  },
  {
    title: "Drizzle without its journal, as --to says",
    from: "drizzle",
    args: ["--to", "20260203"],
    table: "drizzle.__drizzle_migrations",
    names: renamed,
    mapping: [
      ["e1ea19e9ca0c8983d45abdebbbd35b1b0433243e37522e868b45ddc101423944", "to"],
      ["bc6713faebd7d18bdf59492566cc1e9fd91195f13e1f054e668949784ed4a43c", "to"],
      ["53b57d52f9281c99297aeaf5b18c39f997d35b526121b95ba270463493daea84", "to"],
    ],
  },
  {
    title: "Drizzle 1, whose table knows the names",
    fixture: "drizzle-v1",
    from: "drizzle",
    table: "drizzle.__drizzle_migrations",
    names: ["20261122192214_create_customers", "20261122192216_create_orders", "20261122192218_add_orders_total"],
    mapping: [
      ["20261122192214_create_customers", "number"],
      ["20261122192216_create_orders", "number"],
      ["20261122192218_add_orders_total", "number"],
    ],
    times: "SELECT applied_at AS at FROM drizzle.__drizzle_migrations ORDER BY id",
  },
  {
    title: "Alembic by the messages of its revisions",
    from: "alembic",
    args: ["--versions", fixture("alembic-versions")],
    table: "public.alembic_version",
    names: stamped,
    mapping: [
      ["7287236fb938", "name"],
      ["0a234d6613d2", "name"],
      ["49b247dc8f76", "name"],
    ],
  },
  {
    title: "Alembic by the places of its revisions, when names do not tell",
    from: "alembic",
    args: ["--versions", fixture("alembic-versions")],
    table: "public.alembic_version",
    names: renamed,
    mapping: [
      ["7287236fb938", "place"],
      ["0a234d6613d2", "place"],
      ["49b247dc8f76", "place"],
    ],
  },
  {
    title: "Alembic with two heads, by their messages",
    fixture: "alembic-heads",
    from: "alembic",
    args: ["--versions", fixture("alembic-heads-versions")],
    table: "public.alembic_version",
    names: ["20260101080000_create_customers", "20260102080000_create_orders", "20260103080000_create_invoices"],
    mapping: [
      ["c2c7a8dc4ba8", "name"],
      ["d475433288e7", "name"],
      ["ffc7bd927781", "name"],
    ],
  },
  {
    title: "Alembic without its files, as --to says",
    from: "alembic",
    args: ["--to", "totals"],
    table: "public.alembic_version",
    names: renamed,
    mapping: [
      ["49b247dc8f76", ""],
      [null, "to"],
      [null, "to"],
      [null, "to"],
    ],
  },
];

let database: TestDatabase;

afterEach(() => database.drop());

test.each(cases)("takes over a database of $title", async (each) => {
  database = await createAdoptedDatabase(each.fixture ?? each.from);
  const dir = writeNamed(...each.names);
  const readTable = () => database.query(`SELECT t.*, xmin FROM ${each.table} t ORDER BY 1`);
  const before = await readTable();
  const times = each.times ? await database.query(each.times) : undefined;

  const adopted = await run(database, dir, "adopt", "--from", each.from, ...(each.args ?? []), "--yes");

  expect(adopted).toMatchObject({ code: 0, stderr: "" });
  const [{ mapping } = { mapping: [] }] = events(adopted, "adopt-mapping") as [{ mapping: Record<string, string>[] }];
  expect(mapping.map(({ theirs, reason }) => [theirs, reason ?? ""])).toEqual(each.mapping);
  expect(events(adopted, "adopted")).toMatchObject([{ event: "adopted", migrations: each.names, pending: [] }]);
  const ledger = await readLedger(database);
  expect(ledger.map(({ name }) => name)).toEqual(each.names);
  expect(times === undefined || ledger.map(({ at }) => ({ at }))).toEqual(times ?? true);
  await expectNothingPending(dir, each.names);
  expect(await readTable()).toEqual(before);
});

async function expectNothingPending(dir: string, names: readonly string[]): Promise<void> {
  expect(events(await run(database, dir, "up"), "done")).toMatchObject([{ migrations: [], current: names.at(-1) }]);
  const withNew = writeNamed(...names, "29990101000000_new");
  expect(events(await run(database, withNew, "up"), "done")).toMatchObject([{ migrations: ["29990101000000_new"] }]);
  const [{ runs } = { runs: [] }] = jsonLines((await run(database, dir, "history")).stdout) as [{ runs: unknown[] }];
  expect(runs).toMatchObject([
    ...names.map((name) => ({ action: "adopt", outcome: "recorded", name })),
    { action: "up", outcome: "applied", name: "29990101000000_new" },
  ]);
}

test("says of Flyway's repeatable migrations that they are applied again", async () => {
  database = await createAdoptedDatabase("flyway-eventful");
  const dir = writeNamed("1_create_customers", "2_create_orders", "3_add_orders_total");

  const [mapping] = events(await run(database, dir, "adopt", "--from", "flyway", "--dry-run"), "adopt-mapping");

  expect(mapping).toMatchObject({
    notes: ['repeatable "order totals" is not taken over: as a file in repeatable/ it is applied again by the next up'],
  });
});
