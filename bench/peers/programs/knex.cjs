// As in knex' documentation of its migration API.
const knex = require("knex");

async function main() {
  const database = knex({ client: "pg", connection: process.env.DATABASE_URL });
  await database.migrate.latest({ directory: process.env.MIGRATIONS });
  await database.destroy();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
