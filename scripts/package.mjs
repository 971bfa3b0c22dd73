// What the npm package holds beside the programs: the library, the constructs and the stacks, each for require and for
// import, with their declarations. npm runs it before it packs.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const require = createRequire(import.meta.url);

/** What a program may import, and where its source is. */
const entries = { index: "migrator/index", infra: "infra/index", stacks: "infra/stacks" };

execFileSync(process.execPath, [join(root, "scripts/build.mjs"), "--package"], { stdio: "inherit" });
writeDeclarations();
for (const [name, source] of Object.entries(entries)) {
  const declarations = `export * from "./types/${source}.js";\n`;
  writeFileSync(join(dist, `${name}.d.ts`), declarations);
  writeFileSync(join(dist, `${name}.d.mts`), declarations);
  writeFileSync(join(dist, `${name}.mjs`), moduleOf(name));
}

/** One copy of the code for both kinds of program: an error's class is the same in each. */
function moduleOf(name) {
  const names = Object.keys(require(join(dist, `${name}.js`))).sort();
  return `import cjs from "./${name}.js";\nexport const { ${names.join(", ")} } = cjs;\n`;
}

/** Those that an entry needs, and no others: most of the migrator is nobody's business. */
function writeDeclarations() {
  const emitted = mkdtempSync(join(tmpdir(), "schemagate-types-"));
  try {
    const compiler = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");
    const options = ["-p", join(root, "tsconfig.package.json"), "--outDir", emitted];
    execFileSync(process.execPath, [compiler, ...options], { stdio: "inherit" });
    rmSync(join(dist, "types"), { recursive: true, force: true });
    for (const file of reachable(Object.values(entries).map((source) => join(emitted, `${source}.d.ts`)))) {
      const target = join(dist, "types", relative(emitted, file));
      mkdirSync(dirname(target), { recursive: true });
      cpSync(file, target);
    }
  } finally {
    rmSync(emitted, { recursive: true, force: true });
  }
}

/** The files, and what they import from each other. */
function reachable(files) {
  const found = new Set(files);
  for (const file of found) {
    for (const [, path] of readFileSync(file, "utf8").matchAll(/(?:from |import\()"(\.[^"]+)"/g)) {
      found.add(declarationOf(join(dirname(file), path)));
    }
  }
  return found;
}

function declarationOf(path) {
  const candidates = [`${path}.d.ts`, join(path, "index.d.ts")];
  return candidates.find((file) => existsSync(file)) ?? candidates[0];
}
