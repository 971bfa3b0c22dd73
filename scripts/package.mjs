// What the npm package holds beside the programs: the library, the constructs and the stacks, each for require and for
// import, with their declarations. npm runs it before it packs.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const require = createRequire(import.meta.url);

/** What a program may import, and where its source is; in cdktn/ for CDK Terrain. */
const entries = {
  index: "migrator/index",
  infra: "infra/index",
  stacks: "infra/stacks",
  "cdktn/infra": "infra/index",
  "cdktn/stacks": "infra/stacks",
};

execFileSync(process.execPath, [join(root, "scripts/build.mjs"), "--package"], { stdio: "inherit" });
writeDeclarations();
for (const [name, source] of Object.entries(entries)) {
  const declarations = `export * from "./types/${source}.js";\n`;
  writeFileSync(join(dist, `${name}.d.ts`), declarations);
  writeFileSync(join(dist, `${name}.d.mts`), declarations);
  writeFileSync(join(dist, `${name}.mjs`), moduleOf(name, source));
}

/** One copy of the code for both kinds of program: an error's class is the same in each. */
function moduleOf(name, source) {
  // The same names whatever the framework is, and only one of the two is installed here.
  const [entry] = Object.entries(entries).find(([, other]) => other === source);
  const names = Object.keys(require(join(dist, `${entry}.js`))).sort();
  return `import cjs from "./${basename(name)}.js";\nexport const { ${names.join(", ")} } = cjs;\n`;
}

/** Those that an entry needs, and no others: most of the migrator is nobody's business. */
function writeDeclarations() {
  const emitted = mkdtempSync(join(tmpdir(), "schemagate-types-"));
  try {
    const compiler = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");
    const options = ["-p", join(root, "tsconfig.package.json"), "--outDir", emitted];
    execFileSync(process.execPath, [compiler, ...options], { stdio: "inherit" });
    for (const directory of ["", "cdktn/"]) {
      const types = join(dist, directory, "types");
      rmSync(types, { recursive: true, force: true });
      const sources = Object.entries(entries).filter(([name]) => directory === name.replace(/[^/]*$/, ""));
      for (const file of reachable(sources.map(([, source]) => join(emitted, `${source}.d.ts`)))) {
        const target = join(types, relative(emitted, file));
        mkdirSync(dirname(target), { recursive: true });
        const text = readFileSync(file, "utf8");
        writeFileSync(target, directory === "" ? text : forCdktn(text));
      }
    }
  } finally {
    rmSync(emitted, { recursive: true, force: true });
  }
}

/** Only what is imported has another name: the constructs have a property cdktfStack under both. */
function forCdktn(text) {
  return text.replaceAll(/"(@?)cdktf(\/provider-azurerm[^"]*)?"/g, '"$1cdktn$2"');
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
