// Bundles into dist/: cli.js (the bin, which only switches on Node's compile cache), app.js, chunks that are loaded when
// needed, and in develop/ those of them that only a working copy needs.
//   --image            only what an image runs
//   --package          what the npm package holds: without the sample service, with the library, the constructs, deploy and local
//   --out <directory>  where to, instead of dist/
//   --metafile <file>  writes what went into which bundle, as esbuild tells it
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);
const { values: options } = parseArgs({
  options: {
    image: { type: "boolean" },
    package: { type: "boolean" },
    out: { type: "string" },
    metafile: { type: "string" },
  },
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
  "../../../develop": "develop/develop",
  "../../embedded/embedded-postgres": "develop/embedded",
  "../../../develop/init": "develop/init",
  "./full": "chunks/full",
  "../full": "chunks/full",
  "./entra-credential": "chunks/identity",
  "libpg-query": "chunks/libpg-query",
  "./cli": "chunks/start",
  umzug: "chunks/umzug",
};

const lazyChunks = {
  name: "lazy-chunks",
  setup({ onResolve }) {
    for (const [imported, name] of Object.entries(chunks)) {
      onResolve({ filter: /./ }, ({ kind, path }) =>
        kind === "dynamic-import" && path === imported ? { path: `./${name}.js`, external: true } : undefined,
      );
    }
  },
};

/** pg without what the migrator never uses and every start would load: its pool and its native client. */
const pgInParts = {
  name: "pg-in-parts",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^pg$/ }, ({ importer }) =>
      /^(migrator|develop)[\\/]/.test(relative(root, importer)) ? { path: "pg", namespace: "parts" } : undefined,
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
  "develop/develop": "develop/index.ts",
  "develop/drizzle-child": "develop/models/drizzle-child.ts",
  "develop/embedded": "migrator/embedded/embedded-postgres.ts",
  "develop/init": "develop/init/index.ts",
  "develop/reaper": "develop/scratch/reaper-process.ts",
};

/** The same code for CDK Terrain: a construct of one framework cannot be put into a stack of the other. */
const cdktnNames = { cdktf: "cdktn", "@cdktf/provider-azurerm": "@cdktn/provider-azurerm" };

/** Paths of everything that this build made. */
const written = new Set();

const common = {
  absWorkingDir: root,
  outdir: dist,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  logLevel: "warning",
  metafile: true,
  write: false,
};

/** pg-native is pg's optional native driver; the others are for a working copy, never for an image. */
const external = ["pg-native", "esbuild", "jiti", "@embedded-postgres/*", "drizzle-kit", "squawk-cli"];

const programs = await build({
  ...common,
  entryPoints: {
    cli: "migrator/cli/launch.ts",
    "chunks/full": "migrator/cli/full.ts",
    "chunks/identity": "migrator/connection/entra-credential.ts",
    "chunks/libpg-query": "libpg-query",
    "chunks/start": "migrator/cli/cli.ts",
    "chunks/umzug": "umzug",
    ...(options.image ? {} : workingCopyOnly),
    ...(options.package ? { deploy: "deploy/main.ts", local: "local/main.ts" } : { app: "app/main.ts" }),
  },
  // A start reads all of it. Names stay, for whoever reads a stack.
  minifySyntax: true,
  minifyWhitespace: true,
  external,
  // import() of a chunk becomes require(): a chunk is CommonJS, and some of its exports show only that way.
  supported: { "dynamic-import": false },
  plugins: [withoutUmzugCli, lazyChunks, pgInParts, pgCrypto, importMetaUrl],
});
if (options.metafile) {
  await writeFile(options.metafile, JSON.stringify(programs.metafile));
}
await writeBundles(programs.outputFiles);
await replaceFile(
  join(dist, "chunks", "libpg-query.wasm"),
  await readFile(require.resolve("libpg-query/wasm/libpg-query.wasm")),
);
if (!options.image) {
  const { templateFiles } = await import("./templates.mjs");
  for (const [path, text] of Object.entries(templateFiles(root))) {
    await replaceFile(join(dist, "templates", path), Buffer.from(text));
  }
}
if (options.package) {
  await buildPackage();
  for (const part of ["chunks", "develop", "templates"]) {
    await removeLeftovers(part);
  }
}

/** What other people's programs load: with their pg and their cdktf, and to be read in a debugger. */
async function buildPackage() {
  const { outputFiles } = await build({
    ...common,
    entryPoints: {
      index: "migrator/index.ts",
      infra: "infra/index.ts",
      stacks: "infra/stacks.ts",
    },
    external: [...external, "pg", "cdktf", "constructs", "@cdktf/*", "zod"],
    supported: { "dynamic-import": false },
    plugins: [withoutUmzugCli, lazyChunks],
  });
  await writeBundles(outputFiles);
  const cdktn = await build({
    ...common,
    outdir: join(dist, "cdktn"),
    entryPoints: { infra: "infra/index.ts", stacks: "infra/stacks.ts" },
    alias: cdktnNames,
    external: [...external, "cdktn", "constructs", "@cdktn/*", "zod"],
  });
  await writeBundles(cdktn.outputFiles);
  const fallback = "node-pty-fallback.cjs";
  await replaceFile(join(dist, fallback), await readFile(join(root, "deploy", fallback)));
}

/** What an older build left there would be packed. */
async function removeLeftovers(part) {
  for (const entry of await readdir(join(dist, part), { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath ?? entry.path, entry.name);
    if (entry.isFile() && !written.has(file)) {
      await rm(file);
    }
  }
}

async function writeBundles(files) {
  for (const { path, text } of files) {
    await replaceFile(
      path,
      Buffer.from(text.replaceAll(/require\("\.\/((?:chunks|develop)\/[\w-]+\.js)"\)/g, requireFrom(path))),
    );
  }
}

/** A chunk is named as seen from dist/; a bundle elsewhere finds it by its own way. */
function requireFrom(path) {
  return (_, chunk) => {
    const way = relative(dirname(path), join(dist, chunk)).replaceAll("\\", "/");
    return `require(${JSON.stringify(way.startsWith(".") ? way : `./${way}`)})`;
  };
}

/** Every `npm run migrate` builds first: what is unchanged is left alone, what is not is replaced under running readers. */
async function replaceFile(path, contents) {
  written.add(path);
  const existing = await readFile(path).catch(() => undefined);
  if (existing?.equals(contents)) {
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, contents, { mode: 0o755 });
  await rename(temporary, path);
}
