// The programs: the migrator's bin, which only switches on Node's compile cache, with its chunks; the sample service, or
// what the package runs beside the migrator.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { common, external } from "./common.mjs";
import { lazyChunks } from "./lazy-chunks.mjs";
import { importMetaUrl, pgCrypto, pgInParts, withoutUmzugCli } from "./plugins.mjs";

const require = createRequire(import.meta.url);

/** What compiles migrations in code: in a working copy, and where an image's are sealed. */
const compiler = { "develop/compile": "migrator/source/compile/compile.ts" };

/** For laptops, and in no image (INV-17): the embedded PostgreSQL, and generate, check and their like. */
const workingCopyOnly = {
  ...compiler,
  "develop/develop": "develop/index.ts",
  "develop/drizzle-child": "develop/models/drizzle-child.ts",
  "develop/embedded": "migrator/embedded/embedded-postgres.ts",
  "develop/init": "develop/init/index.ts",
  "develop/reaper": "develop/scratch/reaper-process.ts",
};

/** What else there is for each who runs the programs. */
const others = {
  image: { app: "app/main.ts" },
  seal: compiler,
  package: { ...workingCopyOnly, deploy: "deploy/main.ts", local: "local/main.ts" },
  "working-copy": { ...workingCopyOnly, app: "app/main.ts" },
};

/**
 * Bundles the programs.
 *
 * @param kind "image", "seal", "package" or "working-copy": who runs them.
 * @returns what went into which bundle, as esbuild tells it.
 */
export async function buildPrograms(output, kind) {
  const { outputFiles, metafile } = await build({
    ...common,
    outdir: output.directory,
    entryPoints: {
      cli: "migrator/cli/launch.ts",
      "chunks/full": "migrator/cli/full.ts",
      "chunks/identity": "migrator/connection/entra-credential.ts",
      "chunks/libpg-query": "libpg-query",
      "chunks/start": "migrator/cli/cli.ts",
      "chunks/umzug": "umzug",
      ...others[kind],
    },
    // A start reads all of it. Names stay, for whoever reads a stack.
    minifySyntax: true,
    minifyWhitespace: true,
    external,
    // import() of a chunk becomes require(): a chunk is CommonJS, and some of its exports show only that way.
    supported: { "dynamic-import": false },
    plugins: [withoutUmzugCli, lazyChunks, pgInParts, pgCrypto, importMetaUrl],
  });
  await output.writeBundles(outputFiles);
  const wasm = require.resolve("libpg-query/wasm/libpg-query.wasm");
  await output.writeFile(join(output.directory, "chunks", "libpg-query.wasm"), await readFile(wasm));
  return metafile;
}
