// What other people's programs load: with their pg and their cdktf, and to be read in a debugger.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { common, external, root } from "./common.mjs";
import { lazyChunks } from "./lazy-chunks.mjs";
import { withoutUmzugCli } from "./plugins.mjs";

/** The same code for CDK Terrain: a construct of one framework cannot be put into a stack of the other. */
const cdktnNames = { cdktf: "cdktn", "@cdktf/provider-azurerm": "@cdktn/provider-azurerm" };

const constructs = { infra: "infra/index.ts", stacks: "infra/stacks.ts" };

/** Bundles the library, the constructs and the stacks, the latter two for both frameworks. */
export async function buildLibrary(output) {
  const { outputFiles } = await build({
    ...common,
    outdir: output.directory,
    entryPoints: { index: "migrator/index.ts", ...constructs },
    external: [...external, "pg", "cdktf", "constructs", "@cdktf/*", "zod"],
    supported: { "dynamic-import": false },
    plugins: [withoutUmzugCli, lazyChunks],
  });
  await output.writeBundles(outputFiles);
  const cdktn = await build({
    ...common,
    outdir: join(output.directory, "cdktn"),
    entryPoints: constructs,
    alias: cdktnNames,
    external: [...external, "cdktn", "constructs", "@cdktn/*", "zod"],
  });
  await output.writeBundles(cdktn.outputFiles);
  // deploy hands it to cdktf as a file.
  const fallback = "node-pty-fallback.cjs";
  await output.writeFile(join(output.directory, fallback), await readFile(join(root, "deploy", fallback)));
}
