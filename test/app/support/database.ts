import { Pool } from "pg";
import { createTestDatabase } from "../../support/database";
import { runMigrator } from "../../support/migrator";

/** A database of one test file, with the sample's migrations applied. */
export interface MigratedDatabase {
  readonly url: string;
  readonly pool: Pool;
  drop(): Promise<void>;
}

/** Creates a database and runs the built migrator over it. */
export async function createMigratedDatabase(): Promise<MigratedDatabase> {
  const { url, drop } = await createTestDatabase();
  const { code, stderr } = await runMigrator(["up"], { DATABASE_URL: url });
  if (code !== 0) {
    throw new Error(`the sample's migrations failed (${code}): ${stderr}`);
  }
  const pool = new Pool({ connectionString: url, max: 3 });
  // The end of a pool does not wait for the last goodbye of its connections, and the drop cuts those still there.
  pool.on("error", () => undefined);
  return {
    url,
    pool,
    drop: async () => {
      await pool.end();
      await drop();
    },
  };
}
