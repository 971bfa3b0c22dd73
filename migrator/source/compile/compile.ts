import { readFile, realpath } from "node:fs/promises";
import { builtinModules, SourceMap } from "node:module";
import { dirname, join, relative } from "node:path";
import type { BuildFailure, Loader, Message, OnLoadResult, Plugin } from "esbuild";
import { type Problem, refusal } from "../../errors";
import { applyEdits, findPlaces, loadWords, type Places, placeWords } from "./places";

type Esbuild = typeof import("esbuild");

/** A migration's code in one text. */
export interface Compiled {
  /** The text for where the files that it was made of are taken to lie below a directory. */
  readonly text: (root: string) => string;
  /** Files and folders that it reads beside itself. */
  readonly companions: readonly string[];
}

/** esbuild's options; the same for an image and for a working copy, so that the two cannot differ (INV-22). */
const options = {
  bundle: true,
  platform: "node",
  // Its wrapper makes CommonJS of it: esbuild knows a top-level await in this format alone.
  format: "esm",
  target: "node20",
  write: false,
  logLevel: "silent",
} as const;

const loaders: Readonly<Record<string, Loader>> = { ts: "ts", mts: "ts", cts: "ts", tsx: "tsx", jsx: "jsx" };

/** @returns undefined where esbuild is not installed. */
export function findEsbuild(): Esbuild | undefined {
  try {
    return require("esbuild");
  } catch {
    return undefined;
  }
}

/**
 * Compiles a migration in code, with all that it imports, to one text. It runs the same in a working copy and in an image:
 * what it reads beside itself is found by where its files say they are.
 *
 * @param dir directory of the migrations.
 * @throws refused (exit 4) where it does not compile, or what it reads cannot be told; with file, line and column.
 */
export async function compile({ build }: Esbuild, file: string, dir: string): Promise<Compiled> {
  const root = await realpath(dir);
  const entry = await realpath(file);
  const places = new PlacesOfFiles({ build } as Esbuild, root);
  const result = await build({
    ...options,
    absWorkingDir: root,
    stdin: {
      contents: `import * as migration from ${JSON.stringify(entry)};\n__schemagate_exports(migration);\n`,
      resolveDir: root,
      sourcefile: "schemagate",
    },
    plugins: [builtins, places.plugin],
  }).catch((failure: BuildFailure) => {
    throw compileError(file, root, failure);
  });
  if (places.problems.length > 0) {
    throw refusal(places.problems);
  }
  const code = result.outputFiles[0]?.text ?? "";
  return { text: (place) => wrap(code, place), companions: [...places.companions] };
}

/**
 * CommonJS around code that may await. Names of places are relative to the directory of the migrations.
 *
 * @param root where that is taken to be, from where the text lies.
 */
function wrap(code: string, root: string): string {
  return `const __schemagate_place = (way) => {
  const path = require("node:path");
  const filename = path.join(path.resolve(__dirname, ${JSON.stringify(root)}), way);
  return { filename, dirname: path.dirname(filename), url: require("node:url").pathToFileURL(filename).href };
};
module.exports = (async () => {
let __schemagate_exported;
const __schemagate_exports = (exported) => { __schemagate_exported = exported; };
${code}
return __schemagate_exported;
})();
`;
}

/** Node's own modules are required when the code runs: no import stays in the text. */
const builtins: Plugin = {
  name: "builtins",
  setup({ onResolve, onLoad }) {
    const names = new Set([...builtinModules, ...builtinModules.map((name) => `node:${name}`)]);
    onResolve({ filter: /^(node:|[a-z])/ }, ({ path, namespace }) => {
      if (!path.startsWith("node:") && !names.has(path)) {
        return undefined;
      }
      return namespace === "builtin" ? { path, external: true } : { path, namespace: "builtin" };
    });
    onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
      loader: "js",
    }));
  },
};

/** Writes into each file of a bundle where it is, and notes what it reads beside itself. */
class PlacesOfFiles {
  readonly companions = new Set<string>();
  readonly problems: Problem[] = [];

  constructor(
    private readonly esbuild: Pick<Esbuild, "build">,
    private readonly root: string,
  ) {}

  readonly plugin: Plugin = {
    name: "places",
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: "file" }, ({ path }) =>
        this.load(path).catch((failure: BuildFailure) => ({ errors: failure.errors ?? [{ text: failure.message }] })),
      );
    },
  };

  private async load(path: string): Promise<OnLoadResult | undefined> {
    const source = await readFile(path, "utf8");
    const isDependency = /[\\/]node_modules[\\/]/.test(path);
    if (!placeWords.test(source) && (isDependency || !loadWords.test(source))) {
      return undefined;
    }
    const { text, map } = isDependency && !needsCompiling(path) ? { text: source } : await this.toJavaScript(path);
    const places = findPlaces(path, text, (file) => this.placeOf(file));
    const { companions, problems } = places;
    // A package's own uses may never run: where nothing of it is carried, it finds nothing in a working copy either.
    const isNowhere = isDependency && problems.length > 0 && companions.length === 0;
    for (const companion of companions) {
      this.companions.add(companion);
    }
    if (!isDependency) {
      this.problems.push(...this.describe(path, text, places, map));
    }
    const edits = isNowhere ? findPlaces(path, text, (file) => this.placeOf(file, "not-carried")).edits : places.edits;
    return { contents: applyEdits(text, edits), loader: "js", resolveDir: dirname(path) };
  }

  private placeOf(file: string, ...below: readonly string[]): string {
    const way = [...below, relative(this.root, file).replaceAll("\\", "/")].join("/");
    return `__schemagate_place(${JSON.stringify(way)})`;
  }

  /** As the nearest tsconfig.json says, like the rest of the bundle. */
  private async toJavaScript(path: string): Promise<{ text: string; map?: SourceMap }> {
    const { outputFiles } = await this.esbuild.build({
      ...{ entryPoints: [path], outdir: this.root, absWorkingDir: this.root },
      ...{ bundle: false, write: false, logLevel: "silent", platform: "node", target: options.target },
      ...{ sourcemap: "external", charset: "utf8" },
    });
    const [map, text] = [".map", ".js"].map((end) => outputFiles.find((file) => file.path.endsWith(end))?.text ?? "");
    return { text: text ?? "", map: new SourceMap(JSON.parse(map || "{}")) };
  }

  private describe(path: string, text: string, { problems }: Places, map?: SourceMap): Problem[] {
    return problems.map(({ offset, what }) => {
      const before = text.slice(0, offset).split("\n");
      const entry = map?.findEntry(before.length - 1, before.at(-1)?.length ?? 0);
      const { originalLine = before.length - 1, originalColumn = 0 } = (entry ?? {}) as Record<string, number>;
      return {
        code: "unknown-companion",
        message: `${path}:${originalLine + 1}:${originalColumn + 1}: what it reads beside itself cannot be told: ${what}`,
        hint:
          'An image carries what is named: import it, or write new URL("./data.json", import.meta.url), ' +
          'join(__dirname, "data.json") or join(import.meta.dirname, "data", name), with a file or a folder that is there.',
      };
    });
  }
}

function needsCompiling(path: string): boolean {
  return (path.split(".").at(-1) ?? "") in loaders;
}

/** What esbuild says of a migration's code, each with its place. */
function compileError(file: string, root: string, failure: BuildFailure) {
  if (!Array.isArray(failure.errors) || failure.errors.length === 0) {
    return refusal({ code: "module-load", message: `${file} cannot be loaded: ${failure.message}`, hint });
  }
  return refusal(
    failure.errors.map((error) => ({
      code: "module-load",
      message: `${file} cannot be loaded: ${placed(root, error)}`,
      hint,
    })),
  );
}

const hint = "Mend the file; what it imports must be there too, and must be code that can be bundled.";

function placed(root: string, { text, location }: Message): string {
  return location ? `${join(root, location.file)}:${location.line}:${location.column + 1}: ${text}` : text;
}
