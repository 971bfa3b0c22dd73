// Bundles into dist/: cli.js (the bin), app.js, and chunks that are loaded when needed.
//   --image            only what an image runs
//   --metafile <file>  writes what went into which bundle, as esbuild tells it
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const require = createRequire(import.meta.url);
const { values: options } = parseArgs({ options: { image: { type: "boolean" }, metafile: { type: "string" } } });

/** umzug's own command line is most of its weight and never used here. */
const withoutUmzugCli = {
  name: "without-umzug-cli",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/cli$/ }, ({ importer }) =>
      /[\\/]umzug[\\/]lib[\\/]/.test(importer) ? { path: "umzug-cli", namespace: "empty" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "empty" }, () => ({ contents: "module.exports = {};", loader: "js" }));
  },
};

/** What is imported only when it is needed becomes a file of its own, so that a start with nothing to do stays light. */
const chunks = {
  develop: "../develop",
  embedded: "../embedded/embedded-postgres",
  identity: "./entra-credential",
  "libpg-query": "libpg-query",
  umzug: "umzug",
};

const lazyChunks = {
  name: "lazy-chunks",
  setup({ onResolve }) {
    for (const [name, imported] of Object.entries(chunks)) {
      onResolve({ filter: /./ }, ({ kind, path }) =>
        kind === "dynamic-import" && path === imported ? { path: `./chunks/${name}.js`, external: true } : undefined,
      );
    }
  },
};

/** @supabase/pg-delta asks where it is; a CommonJS bundle has another word for that. */
const importMetaUrl = {
  name: "import-meta-url",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]pg-delta[\\/]dist[\\/].*\.js$/ }, async ({ path }) => {
      const contents = await readFile(path, "utf8");
      return {
        contents: contents.replaceAll("import.meta.url", 'require("node:url").pathToFileURL(__filename)'),
        loader: "js",
      };
    });
  },
};

/** For laptops: the embedded PostgreSQL, and generate, check and their like. */
const workingCopyOnly = {
  "chunks/develop": "migrator/develop/index.ts",
  "chunks/drizzle-child": "migrator/develop/models/drizzle-child.ts",
  "chunks/embedded": "migrator/embedded/embedded-postgres.ts",
  "chunks/reaper": "migrator/develop/scratch/reaper-process.ts",
};

const { outputFiles, metafile } = await build({
  absWorkingDir: root,
  entryPoints: {
    cli: "migrator/cli.ts",
    app: "app/main.ts",
    "chunks/identity": "migrator/connection/entra-credential.ts",
    "chunks/libpg-query": "libpg-query",
    "chunks/umzug": "umzug",
    ...(options.image ? {} : workingCopyOnly),
  },
  outdir: dist,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  // pg-native is pg's optional native driver; the others are for a working copy, never for an image.
  external: ["pg-native", "esbuild", "jiti", "@embedded-postgres/*", "drizzle-kit", "squawk-cli"],
  // import() of a chunk becomes require(): a chunk is CommonJS, and some of its exports show only that way.
  supported: { "dynamic-import": false },
  plugins: [withoutUmzugCli, lazyChunks, importMetaUrl],
  logLevel: "warning",
  metafile: true,
  write: false,
});
if (options.metafile) {
  await writeFile(options.metafile, JSON.stringify(metafile));
}
const wasm = await readFile(require.resolve("libpg-query/wasm/libpg-query.wasm"));
for (const { path, contents } of [...outputFiles, { path: join(dist, "chunks", "libpg-query.wasm"), contents: wasm }]) {
  await replaceFile(path, dirname(path) === dist ? contents : besideChunks(path, contents));
}

/** What a chunk loads when needed lies beside it. */
function besideChunks(path, contents) {
  return path.endsWith(".js")
    ? Buffer.from(Buffer.from(contents).toString().replaceAll('require("./chunks/', 'require("./'))
    : contents;
}

/** Every `npm run migrate` builds first: what is unchanged is left alone, what is not is replaced under running readers. */
async function replaceFile(path, contents) {
  const existing = await readFile(path).catch(() => undefined);
  if (existing?.equals(contents)) {
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, contents, { mode: 0o755 });
  await rename(temporary, path);
}
