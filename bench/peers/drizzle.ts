import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installedVersion, programOf } from "./installed";
import type { Peer } from "./peer";

/** Drizzle's migrator over node-postgres. */
export const drizzle: Peer = {
  name: "drizzle",
  find: () => installedVersion("drizzle-orm"),
  prepare: (dir, migrations, node) => {
    mkdirSync(join(dir, "meta"), { recursive: true });
    const entries = migrations.map(({ version, slug, up }, idx) => {
      const tag = `${version}_${slug}`;
      writeFileSync(join(dir, `${tag}.sql`), up);
      // It compares times, not names.
      return { idx, version: "7", when: 1_767_225_600_000 + idx, tag, breakpoints: true };
    });
    const journal = { version: "7", dialect: "postgresql", entries };
    writeFileSync(join(dir, "meta/_journal.json"), JSON.stringify(journal));
    return (url) => ({ command: [node, programOf("drizzle")], env: { DATABASE_URL: url, MIGRATIONS: dir } });
  },
};
