import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "../support/bundle";
import type { BenchMigration } from "../support/sets";
import { installedVersion, programOf } from "./installed";
import type { Peer } from "./peer";

/** umzug with pg, written as in its README: files found by a pattern, a table for their names. */
export const umzug: Peer = {
  name: "umzug",
  find: () => installedVersion("umzug"),
  prepare: (dir, migrations, node) => {
    writeFiles(dir, migrations);
    return (url) => ({ command: [node, programOf("umzug")], env: { DATABASE_URL: url, MIGRATIONS: dir } });
  },
};

/** The same as one file, as a team that cares would ship it. */
export const umzugBundled: Peer = {
  name: "umzug, bundled",
  find: () => installedVersion("umzug"),
  prepare: (dir, migrations, node) => {
    writeFiles(dir, migrations);
    const program = bundle(programOf("umzug"), join(dir, "../umzug-bundle.cjs"));
    return (url) => ({ command: [node, program], env: { DATABASE_URL: url, MIGRATIONS: dir } });
  },
};

function writeFiles(dir: string, migrations: readonly BenchMigration[]): void {
  mkdirSync(dir, { recursive: true });
  for (const { version, slug, up } of migrations) {
    writeFileSync(join(dir, `${version}_${slug}.sql`), up);
  }
}
