// Bundles into dist/: cli.js, app.js, chunks that are loaded when needed, and in develop/ those of them that only a working
// copy needs.
//   --image            only what an image runs
//   --seal             only what seals an image's migrations, which is in no image
//   --package          what the npm package holds: without the sample service, with the library, the constructs, deploy and local
//   --out <directory>  where to, instead of dist/
//   --metafile <file>  writes what went into which bundle, as esbuild tells it
import { readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { record, root } from "./build/if-changed.cjs";
import { buildLibrary } from "./build/library.mjs";
import { buildPrograms } from "./build/programs.mjs";
import { keepRecord } from "./build/stamps.cjs";
import { templateFiles, templateSources } from "./build/templates.mjs";
import { Output } from "./build/write.mjs";

const { values: options } = parseArgs({
  options: {
    image: { type: "boolean" },
    seal: { type: "boolean" },
    package: { type: "boolean" },
    out: { type: "string" },
    metafile: { type: "string" },
  },
});
const output = new Output(resolve(options.out ?? join(root, "dist")));

const kind = ["image", "seal", "package"].find((name) => options[name]) ?? "working-copy";
const metafile = await buildPrograms(output, kind);
if (options.metafile) {
  await writeFile(options.metafile, JSON.stringify(metafile));
}
if (kind === "package" || kind === "working-copy") {
  for (const [path, text] of Object.entries(templateFiles(root))) {
    await output.writeFile(join(output.directory, "templates", path), text);
  }
}
if (kind === "package") {
  await buildLibrary(output);
  for (const part of ["chunks", "develop", "templates"]) {
    await output.removeLeftovers(part);
  }
}
if (kind === "working-copy" && output.directory === dirname(record)) {
  keepRecord(record, {
    root,
    startMs: performance.timeOrigin,
    inputs: [...bundled(metafile), ...templateSources(root), ...buildSources()],
    outputs: output.written,
  });
}

/** Files that esbuild read; some have no place of their own. */
function bundled({ inputs }) {
  return Object.keys(inputs)
    .filter((name) => !/^(\(disabled\)|[a-z-]{2,}):/.test(name))
    .map((name) => join(root, name));
}

/** What decides how it is built. npm's note in node_modules changes with every installation. */
function buildSources() {
  const scripts = join(root, "scripts");
  const parts = readdirSync(join(scripts, "build")).map((name) => join(scripts, "build", name));
  return [...parts, join(scripts, "build.mjs"), join(root, "node_modules", ".package-lock.json")];
}
