import { applyMigrations, revertMigrations } from "../../../develop/scratch/migrate";
import { type ScratchDatabase, withScratch } from "../../../develop/scratch/scratch";
import { loadSource } from "../../../migrator/source/load";
import { useTestDatabase } from "../../support/database";
import { writeMigrations } from "../../support/migrator";
import { besideTarget, quietContext } from "../support/scratch";

const target = useTestDatabase();

const options = { ledgerSchema: "schemagate", signal: new AbortController().signal };

function onScratch<T>(body: (database: ScratchDatabase) => Promise<T>, scratchUrl?: string): Promise<T> {
  return withScratch(besideTarget(target.url, { scratchUrl }), quietContext(), async (scratch) =>
    body(await scratch.create("migrate")),
  );
}

const tables = (database: ScratchDatabase) =>
  database.connect(async (client) => {
    const { rows } = await client.query(
      "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1",
    );
    return rows.map(({ relname }) => relname);
  });

test("migrations are applied and reverted as far as they are wanted, and the target sees nothing of it", async () => {
  const table = (name: string) => `-- migrate:up\nCREATE TABLE ${name} ();\n-- migrate:down\nDROP TABLE ${name};\n`;
  const source = await loadSource(
    writeMigrations({ "1_a.sql": table("a"), "2_b.sql": table("b"), "3_c.sql": table("c") }),
  );

  await onScratch(async (database) => {
    await applyMigrations(database, source, { ...options, target: { to: "2_b" } });
    expect(await tables(database)).toEqual(["a", "b"]);
    await applyMigrations(database, source, options);
    await revertMigrations(database, source, options);
    expect(await tables(database)).toEqual(["a", "b"]);
    await revertMigrations(database, source, { ...options, target: { all: true } });
    expect(await tables(database)).toEqual([]);
  });
  expect(await target.query("SELECT to_regnamespace('schemagate') AS ledger")).toEqual([{ ledger: null }]);
});

test("fails with the migrator's own words, place and caret, and says that the target was not touched", async () => {
  const source = await loadSource(writeMigrations({ "1_a.sql": "-- migrate:up\nCREATE TABLE a (b integr);\n" }));

  await expect(onScratch((database) => applyMigrations(database, source, options))).rejects.toMatchObject({
    code: "migration-failed",
    exitCode: 6,
    message: 'on a scratch database, migration 1_a failed and was rolled back: type "integr" does not exist',
    hint: expect.stringContaining("the target was not touched"),
    details: { location: expect.stringMatching(/1_a\.sql:2:19$/), excerpt: expect.stringContaining("^") },
  });
});

test("fails before anything runs when a migration would change the server of the target", async () => {
  const source = await loadSource(
    writeMigrations({
      "1_a.sql": "-- migrate:up\nCREATE TABLE a ();\n",
      "2_b.sql": `-- migrate:up\nCREATE ROLE role_${target.name};\n-- migrate:down\nDROP ROLE role_${target.name};\n`,
    }),
  );

  await onScratch(async (database) => {
    await expect(applyMigrations(database, source, options)).rejects.toMatchObject({
      exitCode: 4,
      problems: [
        { message: expect.stringMatching(/2_b\.sql:2: "CREATE ROLE/) },
        { message: expect.stringMatching(/2_b\.sql:4: "DROP ROLE/) },
      ],
    });
    expect(await tables(database)).toEqual([]);
  });
});

test("fails when a migration in code is about to change the server, before the server hears of it", async () => {
  const role = `role_${target.name}`;
  const source = await loadSource(
    writeMigrations({
      "1_a.ts": `export const up = async ({ client }) => {
        await client.query({ text: "CREATE TABLE a (n integer)" });
        await client.query("SELECT $1::text AS role", [client.escapeIdentifier("a")]);
        await client.query("CREATE ROLE ${role}");
      };`,
    }),
  );

  await expect(onScratch((database) => applyMigrations(database, source, options))).rejects.toMatchObject({
    code: "cluster-wide",
    exitCode: 4,
    message: expect.stringMatching(/1_a\.ts: "CREATE ROLE/),
  });
  expect(await target.query("SELECT FROM pg_roles WHERE rolname = $1", [role])).toEqual([]);
});

test("a server of one's own takes roles", async () => {
  const role = `role_${target.name}`;
  const source = await loadSource(
    writeMigrations({ "1_a.sql": `-- migrate:up\nCREATE ROLE ${role};\n-- migrate:down\nDROP ROLE ${role};\n` }),
  );

  await onScratch(async (database) => {
    await applyMigrations(database, source, options);
    expect(await target.query("SELECT FROM pg_roles WHERE rolname = $1", [role])).toHaveLength(1);
    await revertMigrations(database, source, options);
  }, target.url);
  expect(await target.query("SELECT FROM pg_roles WHERE rolname = $1", [role])).toEqual([]);
});

test("batches and functions without a transaction run as ever", async () => {
  const source = await loadSource(
    writeMigrations({
      "1_a.sql": "-- migrate:up\nCREATE TABLE a AS SELECT g AS id, 'user' AS role FROM generate_series(1, 5) g;\n",
      "2_b.ts": `export const batches = {
        total: async (client) => (await client.query("SELECT role FROM a")).rowCount,
        next: async (client, last = 0) =>
          (await client.query("SELECT id FROM a WHERE id > $1 AND role IS NOT NULL ORDER BY id LIMIT 2", [last])).rows.map(({ id }) => id),
        apply: (client, ids) => client.query("UPDATE a SET role = 'group' WHERE id = ANY ($1)", [ids]),
      };`,
      "3_c.ts": `export const transaction = false;
      export const up = ({ client }) => client.query("CREATE INDEX CONCURRENTLY a_role ON a (role)");`,
    }),
  );

  await onScratch(async (database) => {
    await applyMigrations(database, source, options);
    const { rows } = await database.connect((client) =>
      client.query("SELECT count(*)::integer AS n, to_regclass('a_role')::text AS index FROM a WHERE role = 'group'"),
    );
    expect(rows).toEqual([{ n: 5, index: "a_role" }]);
  });
});
