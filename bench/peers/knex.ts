import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installedVersion, programOf } from "./installed";
import type { Peer } from "./peer";

/** knex' migrator; its migrations are modules. */
export const knex: Peer = {
  name: "knex",
  find: () => installedVersion("knex"),
  prepare: (dir, migrations, node) => {
    mkdirSync(dir, { recursive: true });
    for (const { version, slug, up, down } of migrations) {
      const body = [up, down].map((sql) => `(knex) => knex.raw(${JSON.stringify(sql)})`);
      writeFileSync(join(dir, `${version}_${slug}.js`), `exports.up = ${body[0]};\nexports.down = ${body[1]};\n`);
    }
    return (url) => ({ command: [node, programOf("knex")], env: { DATABASE_URL: url, MIGRATIONS: dir } });
  },
};
