import { join } from "node:path";
import { column, errorOf, load, ModelDatabase, writeProject } from "./support";

/** A module of a table, with whatever else runs on its top level. */
const table = (name: string, more = "") => `
  import { pgTable, integer } from "drizzle-orm/pg-core";
  export const ${name} = pgTable("${name}", { id: integer().primaryKey() });
  ${more}`;

describe("Drizzle modules as models", () => {
  const databases = new ModelDatabase();
  afterAll(() => databases.drop());

  it("become tables, enums, schemas, sequences, views and policies", async () => {
    const dir = writeProject({
      "models.ts": `
        import { sql } from "drizzle-orm";
        import * as pg from "drizzle-orm/pg-core";
        export const shop = pg.pgSchema("shop");
        export const colour = shop.enum("colour", ["red", "it's blue"]);
        export const numbers = pg.pgSequence("numbers", { startWith: 7 });
        export const items = shop.table("Items", {
          id: pg.bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
          colour: colour().notNull(),
          tags: pg.text().array().notNull().default(["it's", 'a "b"']),
          settings: pg.jsonb().default({ "it's": 'a "b"' }),
          twice: pg.integer().generatedAlwaysAs(sql\`2 * 2\`),
        }, (t) => [
          pg.check("ck", sql\`\${t.id} > 0\`),
          pg.index("by_colour").on(t.colour.desc()),
          pg.pgPolicy("all_see", { for: "select", to: "public", using: sql\`true\` }),
        ]);
        export const there = pg.pgView("pg_tables", { tablename: pg.text() }).existing();
        export const seen = pg.pgView("seen").as((qb) => qb.select({ id: items.id }).from(items));
        export const kept = pg.pgMaterializedView("kept").as((qb) => qb.select().from(seen));`,
    });
    const rows = await databases.apply([join(dir, "models.ts")], {}, async (client) => {
      await client.query(`INSERT INTO shop."Items" (colour) VALUES ('it''s blue')`);
      await client.query("SELECT * FROM kept, seen, nextval('numbers')");
      return (await client.query(`SELECT tags, settings, twice FROM shop."Items"`)).rows;
    });
    expect(rows).toEqual([{ tags: ["it's", 'a "b"'], settings: { "it's": 'a "b"' }, twice: 4 }]);
  });

  it("may be several that import each other, in TypeScript with paths of tsconfig.json", async () => {
    const dir = writeProject({
      "tsconfig.json": '{ "compilerOptions": { "paths": { "@models/*": ["./models/*"] } } }',
      "models/a.ts": `
        import { type AnyPgColumn, integer, pgTable } from "drizzle-orm/pg-core";
        import { b } from "@models/b";
        export const a = pgTable("a", { id: integer().primaryKey(), b: integer().references((): AnyPgColumn => b.id) });`,
      "models/b.ts": `
        import { type AnyPgColumn, integer, pgTable } from "drizzle-orm/pg-core";
        import { a } from "./a";
        export const b = pgTable("b", { id: integer().primaryKey(), a: integer().references((): AnyPgColumn => a.id) });`,
    });
    const names = await databases.apply(
      [join(dir, "models/a.ts"), join(dir, "models/b.ts")],
      {},
      column("SELECT conname FROM pg_constraint WHERE contype = 'f' ORDER BY 1"),
    );
    expect(names).toEqual(["a_b_b_id_fk", "b_a_a_id_fk"]);
  });

  it("may be ECMAScript modules that await, and CommonJS", async () => {
    const dir = writeProject({
      "esm.mjs": `await new Promise((resolve) => setTimeout(resolve, 1));${table("esm")}`,
      "common.cjs": `
        const { pgTable, integer } = require("drizzle-orm/pg-core");
        module.exports = { common: pgTable("common", { id: integer() }) };`,
    });
    const names = await databases.apply(
      [join(dir, "esm.mjs"), join(dir, "common.cjs")],
      {},
      column("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"),
    );
    expect(names).toEqual(["common", "esm"]);
  });

  it("name columns as the casing says", async () => {
    const dir = writeProject({
      "models.ts": `
        import { pgTable, integer } from "drizzle-orm/pg-core";
        export const t = pgTable("t", { createdBy: integer() });`,
    });
    const columns = column("SELECT attname FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0");
    const path = join(dir, "models.ts");
    expect(await databases.apply([path], {}, columns)).toEqual(["createdBy"]);
    expect(await databases.apply([path], { casing: "snake_case" }, columns)).toEqual(["created_by"]);
  });

  it("rest on what SQL files make, and the other way round", async () => {
    const dir = writeProject({
      "models.ts": `
        import { sql } from "drizzle-orm";
        import { pgTable, customType } from "drizzle-orm/pg-core";
        const mood = customType<{ data: string }>({ dataType: () => "mood" });
        const colour = customType<{ data: string }>({ dataType: () => "paint.colour" });
        export const people = pgTable("people", { feels: mood(), likes: colour(), hates: colour().array() });`,
      "schema/1.sql": "CREATE VIEW happy AS SELECT * FROM people WHERE feels = 'glad';",
      "schema/2.sql":
        "CREATE TYPE mood AS ENUM ('glad', 'sad');\nCREATE DOMAIN paint.colour AS text;\nCREATE SCHEMA paint;",
    });
    const rows = await databases.apply(
      [join(dir, "models.ts"), join(dir, "schema")],
      {},
      column("SELECT count(*)::integer FROM happy"),
    );
    expect(rows).toEqual([0]);
  });

  it("see PATH and the like, what is passed on to them, and no secret", async () => {
    const dir = writeProject({ "models.ts": table("t", "throw new Error(Object.keys(process.env).sort().join())") });
    const env = {
      PATH: process.env.PATH,
      DATABASE_URL: "postgres://u:p@h/d",
      PGPASSWORD: "p",
      GITHUB_TOKEN: "t",
      MINE: "1",
    };
    const error = await errorOf(load([join(dir, "models.ts")], { env, passEnv: ["MINE"] }));
    expect(error).toMatchObject({ code: "models-load", exitCode: 2 });
    expect(error.message).toMatch(/MINE.*PATH/);
    expect(error.message).not.toMatch(/DATABASE|PGPASS|TOKEN/);
    expect(error.hint).toContain("--models-env");
  });

  describe("fail", () => {
    const failing = async (text: string, options = {}, name = "models.ts") =>
      errorOf(load([join(writeProject({ [name]: text }), name)], options));

    it("when they hang, in a loop that takes no signal or in an await", async () => {
      const loop = await failing(table("t", `process.on("SIGTERM", () => {}); console.log("busy"); for (;;);`), {
        timeoutMs: 2_000,
      });
      expect(loop).toMatchObject({ code: "models-timeout", exitCode: 2 });
      expect(loop.message).toMatch(/did not finish loading within 2 s and was stopped\. It printed:\n {2}\| busy/);
      const wait = await failing(`setInterval(() => {}, 1000); await new Promise(() => {}); ${table("t")}`, {
        timeoutMs: 2_000,
      });
      expect(wait).toMatchObject({ code: "models-timeout" });
    });

    it("with the reason of the interrupt when they are interrupted", async () => {
      const controller = new AbortController();
      const reason = new Error("ended by SIGTERM");
      const dir = writeProject({ "models.ts": table("t", "for (;;);") });
      const loading = errorOf(load([join(dir, "models.ts")], { signal: controller.signal }));
      controller.abort(reason);
      expect(await loading).toBe(reason);
    });

    it("when they throw, with the message, the place and what they printed", async () => {
      const error = await failing(
        `${table("t", "")}\nconsole.log("reading settings");\nthrow new Error("no settings");`,
      );
      expect(error).toMatchObject({ code: "models-load", exitCode: 2 });
      expect(error.message).toMatch(/models\.ts cannot be loaded: no settings\n +at .*models\.ts:6:\d+/);
      expect(error.message).toContain("reading settings");
    });

    it("when they throw something that is no error", async () => {
      expect((await failing(table("t", `throw "nothing";`))).message).toContain('it threw "nothing"');
    });

    it("when they end the process", async () => {
      const error = await failing(table("t", `console.error("bye"); process.exit(0);`));
      expect(error).toMatchObject({ code: "models-ended", exitCode: 2 });
      expect(error.message).toMatch(
        /ended its process \(exit code 0\) before its tables could be read\. It printed:\n.*bye/,
      );
    });

    it("when they do not parse, with the place", async () => {
      expect((await failing("export const = 1;")).message).toMatch(/models\.ts:1:\d+|\(1:\d+\)/);
    });

    it("when an import is missing", async () => {
      expect((await failing(`import "./nowhere"; ${table("t")}`)).message).toContain("./nowhere");
    });

    it("when they export nothing of Drizzle's, naming what they export", async () => {
      expect(await failing("export const answer = 42; export function main() {}")).toMatchObject({
        code: "no-models",
        exitCode: 2,
        message: expect.stringMatching(/exports nothing of Drizzle's: it exports answer, main$/),
      });
    });

    it("when they are for another database", async () => {
      const error = await failing(`
        import { mysqlTable, int } from "drizzle-orm/mysql-core";
        export const t = mysqlTable("t", { id: int() });`);
      expect(error).toMatchObject({ code: "not-postgres", message: expect.stringContaining("MySqlTable") });
    });

    it("when drizzle-kit refuses them, with what it says", async () => {
      const error = await failing(`${table("t")}
        import { pgView } from "drizzle-orm/pg-core";
        export const a = pgView("v").as((qb) => qb.select().from(t));
        export const b = pgView("v").as((qb) => qb.select().from(t));`);
      expect(error).toMatchObject({ code: "drizzle-kit", exitCode: 2 });
      expect(error.message).toContain("duplicated view name");
    });

    it("when two tables have one name", async () => {
      const error = await failing(`${table("t")}; export const other = pgTable("t", { x: integer() });`);
      expect(error).toMatchObject({ code: "duplicate-table", message: expect.stringContaining("public.t") });
    });

    it("when the project has no drizzle-kit, saying how to install it", async () => {
      const dir = writeProject({ "models.ts": table("t") });
      const { rmSync } = await import("node:fs");
      rmSync(join(dir, "node_modules"));
      const error = await errorOf(load([join(dir, "models.ts")]));
      expect(error).toMatchObject({ code: "no-drizzle", exitCode: 2 });
      expect(error.hint).toContain("npm install");
    });

    it("when the enum or schema of a table is not exported, with that as hint", async () => {
      const dir = writeProject({
        "models.ts": `
          import { pgSchema, integer } from "drizzle-orm/pg-core";
          export const t = pgSchema("shop").table("t", { id: integer() });`,
      });
      const error = await errorOf(databases.apply([join(dir, "models.ts")]));
      expect(error).toMatchObject({ code: "models-failed", exitCode: 2, hint: expect.stringContaining("pgSchema") });
      expect(error.message).toMatch(/models\.ts: SQL generated of it fails: schema "shop" does not exist/);
      expect(error.details.excerpt).toMatch(/CREATE TABLE "shop"\."t".*\n +\^/);
    });

    it("when drizzle-kit leaves a value out of an index's condition, with that as hint", async () => {
      const dir = writeProject({
        "models.ts": `
          import { eq } from "drizzle-orm";
          import { pgTable, integer, index } from "drizzle-orm/pg-core";
          export const t = pgTable("t", { id: integer() }, (t) => [index("i").on(t.id).where(eq(t.id, 1))]);`,
      });
      const error = await errorOf(databases.apply([join(dir, "models.ts")]));
      expect(error).toMatchObject({ exitCode: 2, hint: expect.stringContaining("write them into the text") });
    });
  });

  it("may have defaults of every type", async () => {
    const dir = writeProject({
      "models.ts": `
        import * as pg from "drizzle-orm/pg-core";
        export const t = pg.pgTable("t", {
          big: pg.bigint({ mode: "bigint" }).default(9007199254740993n),
          at: pg.timestamp().array().default([new Date(0)]),
          nested: pg.text().array().array().default([["a\\\\b"], ['c"']]),
          none: pg.integer().array().default([]),
          text: pg.varchar({ length: 9 }).default("it's"),
          point: pg.point().default([1, 2]),
          day: pg.date({ mode: "date" }).default(new Date(0)),
        });`,
    });
    const rows = await databases.apply([join(dir, "models.ts")], {}, async (client) => {
      await client.query("INSERT INTO t DEFAULT VALUES");
      return (await client.query("SELECT big, at::text, nested, none, text, point::text, day::text FROM t")).rows;
    });
    expect(rows).toEqual([
      {
        big: "9007199254740993",
        at: '{"1970-01-01 00:00:00"}',
        nested: [["a\\b"], ['c"']],
        none: [],
        text: "it's",
        point: "(1,2)",
        day: "1970-01-01",
      },
    ]);
  });

  it("may send messages of their own", async () => {
    const dir = writeProject({ "models.ts": table("t", `process.send?.("ready");`) });
    expect(await load([join(dir, "models.ts")])).toHaveLength(1);
  });

  it("may print as much as they like", async () => {
    const dir = writeProject({
      "models.ts": table("t", `console.log("x".repeat(10_000_000)); console.error("y".repeat(10_000_000));`),
    });
    const [source] = await load([join(dir, "models.ts")]);
    expect(source?.statements).toHaveLength(1);
  });

  it("may keep something open that would keep a process alive", async () => {
    const dir = writeProject({ "models.ts": table("t", `require("node:net").createServer().listen(0);`) });
    const [source] = await load([join(dir, "models.ts")]);
    expect(source?.statements).toHaveLength(1);
  });
});
