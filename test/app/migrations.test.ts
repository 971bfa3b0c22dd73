import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pool } from "pg";
import { createTestDatabase } from "../support/database";
import { runMigrator } from "../support/migrator";

const migrations = join(__dirname, "../../migrator/migrations");

describe("the sample's migrations", () => {
  let url: string;
  let drop: () => Promise<void>;
  let pool: Pool;
  let dir: string;

  beforeEach(async () => {
    ({ url, drop } = await createTestDatabase());
    pool = new Pool({ connectionString: url });
    // As in createMigratedDatabase: the drop cuts connections whose goodbye is still on its way.
    pool.on("error", () => undefined);
    dir = await mkdtemp(join(tmpdir(), "app-migrations-"));
  });
  afterEach(async () => {
    await pool.end();
    await drop();
    await rm(dir, { recursive: true });
  });

  /** Puts the set's first files into the directory that `migrate` reads. */
  async function carry(count?: number): Promise<string[]> {
    const files = (await readdir(migrations)).sort().slice(0, count);
    for (const file of files) {
      await copyFile(join(migrations, file), join(dir, file));
    }
    return files;
  }

  function migrate(...args: string[]) {
    return runMigrator(args, { DATABASE_URL: url, SCHEMAGATE_DIR: dir });
  }

  /** Columns, constraints and indexes outside the ledger. */
  async function readSchema(): Promise<unknown> {
    const { rows } = await pool.query(
      `SELECT table_name, column_name AS name, data_type || is_nullable AS definition FROM information_schema.columns
        WHERE table_schema = 'public'
       UNION ALL
       SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
       UNION ALL
       SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
       ORDER BY 1, 2, 3`,
    );
    return rows;
  }

  it("go up, down one by one to nothing, and up again to the same schema", async () => {
    const files = await carry();
    expect(await migrate("up")).toMatchObject({ code: 0 });
    const schema = await readSchema();
    for (const _ of files) {
      expect(await migrate("down")).toMatchObject({ code: 0 });
    }
    expect(await readSchema()).toEqual([]);
    expect(await migrate("up")).toMatchObject({ code: 0 });
    expect(await readSchema()).toEqual(schema);
  });

  describe("the backfill of email_normalised", () => {
    it("fills the rows of the releases before, in batches", async () => {
      await carry(2);
      await migrate("up");
      await pool.query(
        `INSERT INTO customers (email, name) SELECT format('User%s@MÜNCHEN.example', n), 'x' FROM generate_series(1, 2500) n`,
      );
      await pool.query("INSERT INTO customers (email, email_normalised, name) VALUES ('new@b.c', 'kept', 'x')");
      await carry();
      expect(await migrate("up")).toMatchObject({ code: 0 });
      const { rows } = await pool.query(
        "SELECT email_normalised FROM customers WHERE id IN (1, 2500, 2501) ORDER BY id",
      );
      expect(rows.map((row) => row.email_normalised)).toEqual([
        "user1@xn--mnchen-3ya.example",
        "user2500@xn--mnchen-3ya.example",
        "kept",
      ]);
    });

    it("fails, changes nothing and names the ids when two customers share an address", async () => {
      await carry(2);
      await migrate("up");
      await pool.query("INSERT INTO customers (email, name) VALUES ('a@b.c', 'x'), ('x@y.z', 'x'), ('A@B.C', 'x')");
      await carry();
      const { code, stdout, stderr } = await migrate("up");
      expect(code).toBe(6);
      expect(stdout + stderr).toContain("by id: (1, 3)");
      expect(stdout + stderr).not.toContain("a@b.c");
      const { rows } = await pool.query("SELECT 1 FROM customers WHERE email_normalised IS NOT NULL");
      expect(rows).toEqual([]);
    });
  });
});
