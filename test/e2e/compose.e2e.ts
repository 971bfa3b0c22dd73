import { Client } from "pg";
import { type Ended, jsonLines, waitUntil } from "../support/migrator";
import { type ComposeProject, openComposeProject } from "./support/compose";
import { goodImage, imageWith } from "./support/images";
import { preparePostgresImage } from "./support/postgres-image";
import { engine } from "./support/runtime";

let project: ComposeProject;
let firstUp: Ended;

beforeAll(async () => {
  preparePostgresImage();
  project = await openComposeProject(goodImage);
  firstUp = await project.up();
});

afterAll(() => project?.remove());

/** Everything a migration could have changed: relations, columns, rows and the ledger. */
async function snapshot(): Promise<unknown> {
  const client = new Client({ connectionString: project.databaseUrl });
  await client.connect();
  try {
    const columns = await client.query(
      "SELECT table_schema, table_name, column_name, data_type FROM information_schema.columns " +
        "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2, 3",
    );
    const ledger = await client.query("SELECT * FROM schemagate.migrations ORDER BY 1");
    const customers = await client.query("SELECT * FROM customers ORDER BY 1");
    return { columns: columns.rows, ledger: ledger.rows, customers: customers.rows };
  } finally {
    await client.end();
  }
}

const readiness = async () => (await fetch(`${project.apiUrl}/health/ready`).catch(() => undefined))?.status;
const isReady = async () => (await readiness()) === 200;

const migratorLines = async () => jsonLines(await project.logs("migrate"));
const lastLine = async (name: "done" | "failed") => (await migratorLines()).findLast(({ event }) => event === name);

test("up waits for the database, then for the migrations, then starts the api", async () => {
  expect(firstUp).toMatchObject({ code: 0 });
  const [migrate, api] = [await project.container("migrate"), await project.container("api")];
  expect(migrate).toMatchObject({ status: "exited", exitCode: 0 });
  expect(api?.startedAt).toBeGreaterThanOrEqual(migrate?.finishedAt ?? Number.NaN);
  expect(await lastLine("done")).toMatchObject({
    migrations: expect.arrayContaining([expect.stringContaining("create_customers")]),
  });
  // The image needs seconds to initialise: without waiting for its health the migrator would have to try again.
  expect(await migratorLines()).not.toContainEqual(expect.objectContaining({ event: "connect-retry" }));

  await waitUntil(isReady, "the api's readiness");
  const created = await fetch(`${project.apiUrl}/customers`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: "Ada@Example.com", name: "Ada" }),
  });
  expect(created.status).toBe(201);
});

test("run takes the migrator's commands, and leaves no container behind", async () => {
  const before = await project.leftovers();

  const { code, stdout } = await project.compose("run", "--rm", "migrate", "status");

  expect(code).toBe(0);
  expect(jsonLines(stdout)).toEqual([expect.objectContaining({ event: "status", open: true, pending: 0 })]);
  expect(await project.leftovers()).toEqual(before);
});

test("api and migrate have no capability, gain no privilege, and write to no file of their image", async () => {
  const confined = /^CapPrm:\t0+\nCapEff:\t0+\nCapBnd:\t0+\n(.*\n)*NoNewPrivs:\t1$/m;
  const api = (await project.container("api"))?.id ?? "";
  const migrate = (...command: string[]) =>
    project.compose("run", "--rm", "--no-deps", "--entrypoint", "sh", "migrate", "-c", ...command);
  const script = "cat /proc/self/status; grep ' / ' /proc/mounts";
  const [inApi, inMigrate] = [await engine().run(["exec", api, "sh", "-c", script]), (await migrate(script)).stdout];

  for (const output of [inApi, inMigrate]) {
    expect(output).toMatch(confined);
    expect(output).toMatch(/^\S+ \/ \w+ ro[, ]/m);
  }
});

test("a second up applies nothing, and leaves database and api running", async () => {
  const running = async () => [await project.container("db"), await project.container("api")];
  const [before, schema] = [await running(), await snapshot()];

  expect(await project.up()).toMatchObject({ code: 0 });

  expect(await running()).toEqual(before);
  expect(await lastLine("done")).toMatchObject({ migrations: [] });
  expect(await snapshot()).toEqual(schema);
});

test("a failing migration keeps the api down, fails up, and leaves the database as it was", async () => {
  const before = await snapshot();
  // Everything but the volume.
  await project.compose("down");
  project.useImage(
    imageWith("compose-broken", {
      "20991231000000_add_phone.sql":
        "-- migrate:up\nALTER TABLE customers ADD COLUMN phone text;\nSELECT nonsense;\n-- migrate:down\n",
    }),
  );

  const { code, stderr } = await project.up();

  expect(code).toBe(1);
  expect(stderr).toMatch(/exit(ed with code)? 6\b/);
  expect(await project.container("migrate")).toMatchObject({ status: "exited", exitCode: 6 });
  expect(await lastLine("failed")).toMatchObject({ code: "migration-failed", exitCode: 6 });
  // One version of compose creates it in advance, the other does not; neither starts it.
  expect((await project.container("api"))?.status ?? "created").toBe("created");
  expect(await readiness()).toBeUndefined();
  expect(await snapshot()).toEqual(before);
});

test("down --volumes removes containers, network and data", async () => {
  expect(await project.leftovers()).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^container .*db/),
      expect.stringMatching(/^volume .*_data$/),
      expect.stringMatching(/^network .*_default$/),
    ]),
  );

  expect(await project.compose("down", "--volumes")).toMatchObject({ code: 0 });

  expect(await project.leftovers()).toEqual([]);
});
