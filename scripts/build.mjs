// Bundles into dist/: cli.js (the bin, which only switches on Node's compile cache), app.js, and chunks that are loaded
// when needed.
//   --image            only what an image runs
//   --out <directory>  where to, instead of dist/
//   --metafile <file>  writes what went into which bundle, as esbuild tells it
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);
const { values: options } = parseArgs({
  options: { image: { type: "boolean" }, out: { type: "string" }, metafile: { type: "string" } },
});
const dist = resolve(options.out ?? join(root, "dist"));

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
  "../develop": "develop",
  "../embedded/embedded-postgres": "embedded",
  "./full": "full",
  "../full": "full",
  "./entra-credential": "identity",
  "libpg-query": "libpg-query",
  "./cli": "start",
  umzug: "umzug",
};

const lazyChunks = {
  name: "lazy-chunks",
  setup({ onResolve }) {
    for (const [imported, name] of Object.entries(chunks)) {
      onResolve({ filter: /./ }, ({ kind, path }) =>
        kind === "dynamic-import" && path === imported ? { path: `./chunks/${name}.js`, external: true } : undefined,
      );
    }
  },
};

/** pg without what the migrator never uses and every start would load: its pool and its native client. */
const pgInParts = {
  name: "pg-in-parts",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^pg$/ }, ({ importer }) =>
      importer.startsWith(join(root, "migrator")) ? { path: "pg", namespace: "parts" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "parts" }, () => ({
      contents: `module.exports = {
        get Client() { return require("pg/lib/client"); },
        get Query() { return require("pg/lib/query"); },
        get escapeIdentifier() { return require("pg/lib/utils").escapeIdentifier; },
        get escapeLiteral() { return require("pg/lib/utils").escapeLiteral; },
      };`,
      resolveDir: root,
    }));
  },
};

/** pg's cryptography, where pg asks for it: see the module that takes its place. */
const pgCrypto = {
  name: "pg-crypto",
  setup({ onResolve, onEnd }) {
    const replaced = new Set();
    onResolve({ filter: /^\.\/(crypto\/)?utils$/ }, ({ path, importer }) => {
      const [, from] = /[\\/]pg[\\/]lib[\\/](client|crypto[\\/]sasl)\.js$/.exec(importer) ?? [];
      if (path !== (from === "client" ? "./crypto/utils" : "./utils") || !from) {
        return undefined;
      }
      replaced.add(from);
      return { path: join(root, "migrator/connection/pg-crypto.ts") };
    });
    onEnd(() => (replaced.size === 2 ? {} : { errors: [{ text: "pg asks for its cryptography in another way now" }] }));
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
    cli: "migrator/launch.ts",
    app: "app/main.ts",
    "chunks/full": "migrator/full.ts",
    "chunks/identity": "migrator/connection/entra-credential.ts",
    "chunks/libpg-query": "libpg-query",
    "chunks/start": "migrator/cli.ts",
    "chunks/umzug": "umzug",
    ...(options.image ? {} : workingCopyOnly),
  },
  outdir: dist,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  // A start reads all of it. Names stay, for whoever reads a stack.
  minifySyntax: true,
  minifyWhitespace: true,
  // pg-native is pg's optional native driver; the others are for a working copy, never for an image.
  external: ["pg-native", "esbuild", "jiti", "@embedded-postgres/*", "drizzle-kit", "squawk-cli"],
  // import() of a chunk becomes require(): a chunk is CommonJS, and some of its exports show only that way.
  supported: { "dynamic-import": false },
  plugins: [withoutUmzugCli, lazyChunks, pgInParts, pgCrypto, importMetaUrl],
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
