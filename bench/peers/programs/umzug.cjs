// umzug with a storage of its own, as its README shows: rawquery migrations, names in a table.
const { readFileSync } = require("node:fs");
const { Client } = require("pg");
const { Umzug } = require("umzug");

async function main() {
  const client = new Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  const table = () => client.query("CREATE TABLE IF NOT EXISTS umzug_meta (name text)");
  const umzug = new Umzug({
    migrations: {
      glob: ["*.sql", { cwd: process.env.MIGRATIONS }],
      resolve: ({ name, path, context }) => ({ name, up: async () => context.query(readFileSync(path, "utf8")) }),
    },
    context: client,
    storage: {
      executed: async ({ context }) => {
        await table();
        return (await context.query("SELECT name FROM umzug_meta")).rows.map(({ name }) => name);
      },
      logMigration: async ({ name, context }) => {
        await table();
        await context.query("INSERT INTO umzug_meta (name) VALUES ($1)", [name]);
      },
      unlogMigration: async () => undefined,
    },
    logger: undefined,
  });
  await umzug.up();
  await client.end();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
