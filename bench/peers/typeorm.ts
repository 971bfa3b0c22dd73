import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installedVersion, programOf } from "./installed";
import type { Peer } from "./peer";

/** TypeORM's migrations; the time stands at the end of a class's name, in milliseconds. */
export const typeorm: Peer = {
  name: "TypeORM",
  find: () => installedVersion("typeorm"),
  prepare: (dir, migrations, node) => {
    mkdirSync(dir, { recursive: true });
    for (const [index, { version, slug, up, down }] of migrations.entries()) {
      const [upBody, downBody] = [up, down].map((sql) => `(runner) { await runner.query(${JSON.stringify(sql)}); }`);
      const name = `M${1_767_225_600_000 + index}`;
      const text = `exports.${name} = class ${name} {\n  async up${upBody}\n  async down${downBody}\n};\n`;
      writeFileSync(join(dir, `${version}_${slug}.js`), text);
    }
    return (url) => ({ command: [node, programOf("typeorm")], env: { DATABASE_URL: url, MIGRATIONS: dir } });
  },
};
