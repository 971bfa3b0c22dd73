// What is imported only when it is needed becomes a file of its own, so that a start with nothing to do stays light.
import { dirname, relative, resolve } from "node:path";
import { root } from "./common.mjs";

/** Who imports all of its parts itself: its own bundle holds them. */
const full = "migrator/cli/full";

/** Bundles below dist/ by what is imported: a package, or a file of this project without its ending. */
const chunks = {
  develop: "develop/develop",
  "develop/init": "develop/init",
  "migrator/cli/cli": "chunks/start",
  "migrator/cli/commands/prepare-comparison": "chunks/full",
  "migrator/cli/commands/prepare-run": "chunks/full",
  "migrator/cli/commands/preview-up": "chunks/full",
  "migrator/cli/program": "chunks/full",
  "migrator/connection/entra-credential": "chunks/identity",
  "migrator/embedded/embedded-postgres": "develop/embedded",
  "migrator/settings/near-misses": "chunks/full",
  "migrator/source/compile/compile": "develop/compile",
  "libpg-query": "chunks/libpg-query",
  umzug: "chunks/umzug",
};

/** An import at run time of a chunk loads that bundle. */
export const lazyChunks = {
  name: "lazy-chunks",
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path, importer }) => {
      if (kind !== "dynamic-import") {
        return undefined;
      }
      const named = (file) => relative(root, file).replaceAll("\\", "/");
      const imported = path.startsWith(".") ? named(resolve(dirname(importer), path)) : path;
      const chunk = named(importer) === `${full}.ts` ? undefined : chunks[imported];
      return chunk && { path: `./${chunk}.js`, external: true };
    });
  },
};
