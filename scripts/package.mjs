// What the npm package holds beside the programs: the library, the constructs and the stacks, each for require and for
// import, with their declarations. npm runs it before it packs.
//   --out <directory>  where to, instead of dist/
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./build/common.mjs";
import { writeDeclarations } from "./build/declarations.mjs";

const { values: options } = parseArgs({ options: { out: { type: "string" } } });
const dist = resolve(options.out ?? join(root, "dist"));
const require = createRequire(import.meta.url);

/** What a program may import, and where its source is; in cdktn/ for CDK Terrain. */
const entries = {
  index: "migrator/index",
  infra: "infra/index",
  stacks: "infra/stacks",
  "cdktn/infra": "infra/index",
  "cdktn/stacks": "infra/stacks",
};

execFileSync(process.execPath, [join(root, "scripts/build.mjs"), "--package", "--out", dist], { stdio: "inherit" });
writeDeclarations(dist, entries);
for (const [name, source] of Object.entries(entries)) {
  writeFileSync(join(dist, `${name}.mjs`), moduleOf(name, source));
}

/** One copy of the code for both kinds of program: an error's class is the same in each. */
function moduleOf(name, source) {
  // The same names whatever the framework is, and only one of the two is installed here.
  const [entry] = Object.entries(entries).find(([, other]) => other === source);
  const names = Object.keys(require(join(dist, `${entry}.js`))).sort();
  return `import cjs from "./${basename(name)}.js";\nexport const { ${names.join(", ")} } = cjs;\n`;
}
