// As in TypeORM's documentation of its migrations: a data source that names them, and runMigrations().
const { join } = require("node:path");
const { DataSource } = require("typeorm");

async function main() {
  const source = new DataSource({
    type: "postgres",
    url: process.env.DATABASE_URL,
    migrations: [join(process.env.MIGRATIONS, "*.js")],
  });
  await source.initialize();
  await source.runMigrations();
  await source.destroy();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
