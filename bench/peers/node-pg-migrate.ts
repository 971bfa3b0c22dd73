import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inModules, installedVersion } from "./installed";
import type { Peer } from "./peer";

/** node-pg-migrate's own command line over SQL files. */
export const nodePgMigrate: Peer = {
  name: "node-pg-migrate",
  find: () => installedVersion("node-pg-migrate"),
  prepare: (dir, migrations, node) => {
    mkdirSync(dir, { recursive: true });
    for (const { version, slug, up, down } of migrations) {
      const text = `-- Up Migration\n${up}\n-- Down Migration\n${down}\n`;
      writeFileSync(join(dir, `${version}000_${slug}.sql`), text);
    }
    const program = inModules("node-pg-migrate/bin/node-pg-migrate.js");
    return (url) => ({ command: [node, program, "up", "-m", dir], env: { DATABASE_URL: url } });
  },
};
