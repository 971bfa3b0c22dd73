// Libraries as the bundles take them: without what is never used here.
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { root } from "./common.mjs";

/** umzug's own command line is most of its weight and never used here. */
export const withoutUmzugCli = {
  name: "without-umzug-cli",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/cli$/ }, ({ importer }) =>
      /[\\/]umzug[\\/]lib[\\/]/.test(importer) ? { path: "umzug-cli", namespace: "empty" } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "empty" }, () => ({ contents: "module.exports = {};", loader: "js" }));
  },
};

/** pg without what the migrator never uses and every start would load: its pool and its native client. */
export const pgInParts = {
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
export const pgCrypto = {
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
export const importMetaUrl = {
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
