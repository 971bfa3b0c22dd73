// As in Drizzle's documentation of `migrate()`.
const { drizzle } = require("drizzle-orm/node-postgres");
const { migrate } = require("drizzle-orm/node-postgres/migrator");
const { Client } = require("pg");

async function main() {
  const client = new Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await migrate(drizzle(client), { migrationsFolder: process.env.MIGRATIONS });
  await client.end();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
