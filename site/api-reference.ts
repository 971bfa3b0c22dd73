import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { site } from "./paths";
import { tidyApiPage } from "./tidy-api-page";

const note =
  "<!-- Written by `npm run docs:api` from the docstrings; a test of the site fails when it is out of date. -->";

/** Pages below docs/, with the module typedoc names them after. */
const pages = [
  {
    path: "api/infra.md",
    module: "infra",
    head: `# API: constructs

${note}

What \`infra/index.ts\` exports. [Constructs](../constructs.md) says what is for what.
`,
  },
  {
    path: "api/library.md",
    module: "migrator",
    head: `# API: library

${note}

What \`migrator/index.ts\` exports: run migrations, and know whether a schema is current, from a program. It takes a client or its
settings, returns typed results, never exits and never logs. The codes are explained in [exit codes](../exit-codes.md).
`,
  },
];

/** Paths of the generated pages below docs/. */
export const apiPages: readonly string[] = pages.map(({ path }) => path);

/** Writes the pages of the API below a directory. */
export function writeApiReference(directory: string): void {
  const written = mkdtempSync(join(tmpdir(), "schemagate-api-"));
  try {
    const typedoc = join(site, "node_modules/typedoc/bin/typedoc");
    const args = [typedoc, "--options", join(site, "typedoc.json"), "--out", written];
    execFileSync(process.execPath, args, { cwd: site, stdio: ["ignore", "inherit", "inherit"] });
    for (const { path, module, head } of pages) {
      const file = join(directory, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, tidyApiPage(readFileSync(join(written, `${module}.md`), "utf8"), head));
    }
  } finally {
    rmSync(written, { recursive: true, force: true });
  }
}
