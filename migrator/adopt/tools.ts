import { alembic } from "./alembic";
import { dbmate } from "./dbmate";
import { drizzle } from "./drizzle";
import { flyway } from "./flyway";
import { golangMigrate } from "./golang-migrate";
import { knex } from "./knex";
import { nodePgMigrate } from "./node-pg-migrate";
import { prisma } from "./prisma";
import type { Tool } from "./tool";
import { umzug } from "./umzug";

/** The tools whose databases can be taken over, by the name that --from takes. */
export const tools: Readonly<Record<string, Tool>> = {
  alembic,
  flyway,
  dbmate,
  "golang-migrate": golangMigrate,
  "node-pg-migrate": nodePgMigrate,
  knex,
  umzug,
  prisma,
  drizzle,
};
