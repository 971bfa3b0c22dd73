// The declarations of the npm package's entries.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { root } from "./common.mjs";

const require = createRequire(import.meta.url);

/**
 * Writes the declarations of the package's entries, and of what they need: most of the migrator is nobody's business.
 *
 * @param entries names below dist/ and their sources without ending.
 */
export function writeDeclarations(dist, entries) {
  for (const [name, source] of Object.entries(entries)) {
    const declarations = `export * from "./types/${source}.js";\n`;
    writeFileSync(join(dist, `${name}.d.ts`), declarations);
    writeFileSync(join(dist, `${name}.d.mts`), declarations);
  }
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
