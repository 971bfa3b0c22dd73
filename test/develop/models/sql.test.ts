import { join } from "node:path";
import { applyModels } from "../../../develop/models/apply";
import { createTestDatabase, testBinaries, withClient } from "../../support/database";
import { waitUntil } from "../../support/migrator";
import { column, errorOf, load, ModelDatabase, writeProject } from "./support";

describe("SQL files as models", () => {
  const databases = new ModelDatabase();
  afterAll(() => databases.drop());

  /** Applies a project's directory `schema`. */
  const apply = (files: Readonly<Record<string, string>>, sql = "SELECT 1") =>
    databases.apply([join(writeProject(files), "schema")], {}, column(sql));

  it("may stand in any order: views before tables, functions before what they use, tables before their types", async () => {
    const rows = await apply(
      {
        "schema/1.sql":
          "CREATE VIEW totals AS SELECT customer, total(id) FROM orders;\nCREATE VIEW more AS TABLE totals;",
        "schema/2/a.sql": `
          CREATE FUNCTION total(order_id int) RETURNS int LANGUAGE sql AS 'SELECT amount FROM lines WHERE id = $1';
          CREATE FUNCTION last_order() RETURNS orders LANGUAGE sql AS 'SELECT * FROM orders ORDER BY id DESC LIMIT 1';
          CREATE TRIGGER touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touched();`,
        "schema/2/b/c.sql": `
          CREATE TABLE orders (id int PRIMARY KEY, customer text, state order_state);
          CREATE TABLE lines (id int REFERENCES orders, amount int);
          CREATE TYPE order_state AS ENUM ('open', 'paid');
          CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';`,
      },
      "SELECT viewname FROM pg_views WHERE schemaname = 'public' ORDER BY 1",
    );
    expect(rows).toEqual(["more", "totals"]);
  });

  it("may have functions that call each other", async () => {
    const even = (name: string, other: string) =>
      `CREATE FUNCTION ${name}(n int) RETURNS boolean LANGUAGE sql AS 'SELECT CASE n WHEN 0 THEN ${name === "even"} ELSE ${other}(n - 1) END';`;
    const rows = await apply(
      { "schema/f.sql": `${even("even", "odd")}\n${even("odd", "even")}` },
      "SELECT even(4) UNION ALL SELECT even(3)",
    );
    expect(rows).toEqual([true, false]);
  });

  // PostgreSQL 15 can set only some columns to null.
  const columns = testBinaries().major >= 15 ? " (c_id)" : "";

  it("may have tables that refer to each other, whose foreign keys have the names PostgreSQL gives them", async () => {
    const rows = await apply(
      {
        "schema/t.sql": `
          CREATE TABLE "Bé a" (
            id int PRIMARY KEY,
            FOREIGN KEY (c_id, id) REFERENCES c (x, y) ON DELETE SET NULL${columns}, -- the first
            b_id int NOT NULL REFERENCES b (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED CHECK (b_id > 0),
            c_id int CONSTRAINT mine REFERENCES c(id)
          );
          CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES "Bé a");
          CREATE TABLE c (id int PRIMARY KEY, x int, y int, a int, UNIQUE (x, y), CONSTRAINT "to a" FOREIGN KEY (a) REFERENCES "Bé a");`,
      },
      `SELECT conname || ': ' || pg_get_constraintdef(oid) FROM pg_constraint
        WHERE contype IN ('f', 'c') AND connamespace = 'public'::regnamespace ORDER BY 1`,
    );
    expect(rows).toEqual([
      "Bé a_b_id_check: CHECK ((b_id > 0))",
      "Bé a_b_id_fkey: FOREIGN KEY (b_id) REFERENCES b(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED",
      `Bé a_c_id_id_fkey: FOREIGN KEY (c_id, id) REFERENCES c(x, y) ON DELETE SET NULL${columns}`,
      'b_a_id_fkey: FOREIGN KEY (a_id) REFERENCES "Bé a"(id)',
      "mine: FOREIGN KEY (c_id) REFERENCES c(id)",
      'to a: FOREIGN KEY (a) REFERENCES "Bé a"(id)',
    ]);
  });

  it("may name schemas and quote names", async () => {
    const rows = await apply(
      {
        "schema/1.sql": `CREATE INDEX ON "Shop"."Order lines" ("Price £");`,
        "schema/2.sql": `CREATE TABLE "Shop"."Order lines" ("Price £" int);`,
        "schema/3.sql": `CREATE SCHEMA "Shop";`,
      },
      `SELECT indexname FROM pg_indexes WHERE schemaname = 'Shop'`,
    );
    expect(rows).toEqual(["Order lines_Price £_idx"]);
  });

  it("keep what a file sets to that file, also for statements that are put off", async () => {
    const rows = await apply(
      {
        "schema/1.sql":
          "SET search_path = shop;\nCREATE VIEW seen AS SELECT * FROM items;\nCREATE TABLE items (id int);",
        "schema/2.sql":
          "CREATE TABLE outside ();\nCREATE SCHEMA shop;\nSELECT pg_catalog.set_config('search_path', '', false);",
      },
      `SELECT schemaname || '.' || relname FROM (
         SELECT schemaname, tablename FROM pg_tables UNION SELECT schemaname, viewname FROM pg_views
       ) AS found (schemaname, relname) WHERE schemaname IN ('shop', 'public')
       UNION ALL SELECT current_setting('search_path') ORDER BY 1`,
    );
    expect(rows).toEqual(['"$user", public', "public.outside", "shop.items", "shop.seen"]);
  });

  it("are read once where a path names them twice", async () => {
    const dir = writeProject({ "schema/a.sql": "CREATE TABLE a ();" });
    const models = await load([join(dir, "schema"), join(dir, "schema/a.sql"), `sql:${join(dir, "schema")}`]);
    expect(models.flatMap(({ statements }) => statements.map(({ sql }) => sql))).toEqual(["CREATE TABLE a ()"]);
  });

  it("may make a role that exists already", async () => {
    const files = {
      "schema/r.sql": "CREATE ROLE models_reader;\nCREATE TABLE t ();\nGRANT SELECT ON t TO models_reader;",
    };
    await apply(files);
    expect(await apply(files, "SELECT count(*)::integer FROM pg_roles WHERE rolname = 'models_reader'")).toEqual([1]);
    const database = await createTestDatabase();
    await databases.drop();
    await database.query("DROP ROLE models_reader");
    await database.drop();
  });

  describe("fail", () => {
    it("with place and caret where a statement does not parse", async () => {
      const error = await errorOf(apply({ "schema/a.sql": "CREATE TABLE a ();\n\nCREATE TABEL é (id int);" }));
      expect(error).toMatchObject({ code: "syntax", exitCode: 2 });
      expect(error.message).toMatch(/schema\/a\.sql:3:8: syntax error at or near "TABEL"/);
      expect(error.details.excerpt).toBe("3 | CREATE TABEL é (id int);\n           ^");
    });

    it("with place and caret where the server refuses one", async () => {
      const error = await errorOf(
        apply({ "schema/a.sql": "CREATE TABLE a ();\n  CREATE TABLE b (); CREATE TABLE é (\n id int, x nothing);" }),
      );
      expect(error).toMatchObject({ code: "models-failed", exitCode: 2, details: { sqlState: "42704" } });
      expect(error.message).toMatch(/schema\/a\.sql:3:12: type "nothing" does not exist/);
      expect(error.details.excerpt).toBe("3 |  id int, x nothing)\n               ^");
    });

    it("with the cause alone, not with what follows from it", async () => {
      const error = await errorOf(
        apply({
          "schema/a.sql": "CREATE VIEW v AS TABLE t;\nCREATE VIEW w AS TABLE v;",
          "schema/b.sql": "CREATE TABLE t (x missing);",
        }),
      );
      expect(error.message).toMatch(/b\.sql:1:19: type "missing" does not exist$/);
      expect(error.problems).toEqual([]);
    });

    it("with every cause at once", async () => {
      const error = await errorOf(
        apply({
          "schema/a.sql":
            "CREATE TABLE t (x missing);\nCREATE TABLE u (x int, x int);\nCREATE VIEW w AS TABLE nowhere;",
        }),
      );
      expect(error).toMatchObject({ code: "models-refused", exitCode: 2 });
      expect(error.problems.map(({ message }) => message.replace(/.*schema/, ""))).toEqual([
        '/a.sql:2:1: column "x" specified more than once',
        '/a.sql:1:19: type "missing" does not exist',
        '/a.sql:3:24: relation "nowhere" does not exist',
      ]);
    });

    it("where views rest on each other", async () => {
      const error = await errorOf(apply({ "schema/a.sql": "CREATE VIEW v AS TABLE w;\nCREATE VIEW w AS TABLE v;" }));
      expect(error.problems).toHaveLength(2);
    });

    it("at the foreign key whose table is nowhere", async () => {
      const error = await errorOf(
        apply({ "schema/a.sql": "CREATE TABLE a (\n  id int,\n  b int REFERENCES nowhere\n);" }),
      );
      expect(error.message).toMatch(/a\.sql:3:9: relation "nowhere" does not exist/);
      expect(error.details.excerpt).toBe("3 |   b int REFERENCES nowhere\n            ^");
    });

    it.each([
      ["INSERT INTO a VALUES (1)", "data-in-models"],
      ["UPDATE a SET x = 1", "data-in-models"],
      ["WITH gone AS (DELETE FROM a RETURNING *) SELECT * FROM gone", "data-in-models"],
      ["COPY a FROM stdin", "data-in-models"],
      ["TRUNCATE a", "data-in-models"],
      ["COMMIT", "transaction-control"],
      ["\\i other.sql", "psql-command"],
      ["-- migrate:up", "migration-in-models"],
    ])("before anything runs when there is %s", async (statement, code) => {
      const error = await errorOf(apply({ "schema/a.sql": `CREATE TABLE a (x int);\n\n${statement};` }));
      expect(error).toMatchObject({ code, exitCode: 2, message: expect.stringContaining("schema/a.sql:3: ") });
      expect(error.hint).toBeTruthy();
    });

    it("when a directory holds none, a path is nowhere, or nobody reads such a file", async () => {
      const dir = writeProject({ "schema/readme.md": "", "tables.prisma": "" });
      expect(await errorOf(load([join(dir, "schema")]))).toMatchObject({ code: "no-models", exitCode: 2 });
      const error = await errorOf(load([join(dir, "nowhere"), join(dir, "tables.prisma"), "drizle:models.ts"]));
      expect(error.problems.map(({ code }) => code)).toEqual(["no-models", "unknown-models", "unknown-adapter"]);
      expect(error.problems[2]?.hint).toContain("Did you mean drizzle?");
      expect(await errorOf(load([]))).toMatchObject({ code: "no-models", exitCode: 2 });
    });

    it("when they are no text", async () => {
      const error = await errorOf(load([join(writeProject({ "a.sql": "CREATE TABLE a ();\n\0" }), "a.sql")]));
      expect(error).toMatchObject({ code: "nul", message: expect.stringContaining("a.sql:2:") });
    });

    it("with 7 when the connection is lost meanwhile", async () => {
      const models = await load([join(writeProject({ "a.sql": "SELECT pg_sleep(60);" }), "a.sql")]);
      const database = await createTestDatabase();
      const error = await errorOf(
        withClient(database.url, async (client) => {
          const applying = applyModels(client, models);
          applying.catch(() => undefined);
          await waitUntil(async () => {
            const rows = await database.query(
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(60)' AND pid <> pg_backend_pid()",
            );
            return rows.length > 0;
          }, "the statement");
          await applying;
        }),
      );
      expect(error).toMatchObject({ code: "connection-lost", exitCode: 7 });
      await database.drop();
    });
  });
});
