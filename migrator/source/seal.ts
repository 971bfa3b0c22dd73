import { mkdir, readdir, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, posix, relative, resolve } from "node:path";
import { exitCodes, type Problem, refusal, SchemagateError, usageError } from "../errors";
import { checksum } from "./checksum";
import type { Compiled } from "./compile/compile";
import { isSecret } from "./compile/secret";
import { readFiles, type SourceFile } from "./files";
import type { Source } from "./migration";
import { sealSummaryFileName } from "./seal-summary";
import { type SealedCompanion, type SealedFile, sealFileName, sealText, summaryText } from "./sealed";

/** Folder of a sealed set for what modules read beside themselves. */
const companionsFolder = "companions";

type Sealed = NonNullable<SealedFile["module"]>;

/**
 * Writes a set of migrations as an image carries it: a summary, one file with names and SQL, each module compiled to a
 * single CommonJS file with everything it imports, and what modules read beside themselves. Identity and checksum stay those of the source files.
 *
 * @param source a set read from a directory.
 * @param outDir directory to write; made when absent, never the sources' own.
 * @throws refused (exit 4) when the set has problems.
 */
export async function sealMigrations(source: Source, outDir: string): Promise<void> {
  if (source.problems.length > 0) {
    throw refusal(source.problems);
  }
  if (source.sealed || source.dir === resolve(outDir)) {
    throw usageError({
      code: "bad-seal-directory",
      message: source.sealed
        ? `${source.dir} is sealed already`
        : `a sealed set in ${source.dir} would hide its sources`,
      hint: "Name the directory of the sources with --dir, and another one with --out.",
    });
  }
  const files = await readFiles(source.dir, []);
  const modules = await compileAll(source.dir, files);
  await mkdir(outDir, { recursive: true });
  await rm(join(outDir, companionsFolder), { recursive: true, force: true });
  const sealed: SealedFile[] = [];
  for (const { path, text } of files) {
    const compiled = modules.get(path);
    sealed.push(
      compiled ? { path, text, module: await writeModule(path, compiled, source.dir, outDir) } : { path, text },
    );
  }
  // Never a summary beside a set that is not its own.
  await rm(join(outDir, sealSummaryFileName), { force: true });
  const text = sealText(sealed);
  await writeFile(join(outDir, sealFileName), text);
  await writeFile(join(outDir, sealSummaryFileName), summaryText(source, text));
}

/** Compiles the modules of a set, and tells everything that is wrong with any of them. */
async function compileAll(dir: string, files: readonly SourceFile[]): Promise<Map<string, Compiled>> {
  const compiled = new Map<string, Compiled>();
  const problems: Problem[] = [];
  for (const { path, file } of files.filter((one) => !one.path.endsWith(".sql"))) {
    const { compile, findEsbuild } = await import("./compile/compile");
    const esbuild = findEsbuild();
    if (!esbuild) {
      throw noEsbuild(file);
    }
    const one = await compile(esbuild, file, dir).catch((error) => {
      problems.push(...refusedFor(error));
    });
    if (one) {
      compiled.set(path, one);
    }
  }
  if (problems.length > 0) {
    throw refusal(problems);
  }
  return compiled;
}

/**
 * What a module was refused for is told together with what is wrong with the others.
 *
 * @throws any other error.
 */
function refusedFor(error: unknown): readonly Problem[] {
  if (!(error instanceof SchemagateError && error.exitCode === exitCodes.refused)) {
    throw error;
  }
  const { code, message, hint, problems } = error;
  return problems.length > 0 ? problems : [{ code, message, hint }];
}

function noEsbuild(file: string) {
  return usageError({
    code: "no-esbuild",
    message: `${file} must be compiled to be sealed, and the package esbuild is missing`,
    hint: "Run `npm install --save-dev esbuild`.",
  });
}

/** Writes a compiled module, and what it reads beside itself where it will look for that. */
async function writeModule(path: string, { text, companions }: Compiled, dir: string, outDir: string): Promise<Sealed> {
  const name = path.replace(/\.[^.]+$/, "").replaceAll("/", "-");
  const root = companionsRoot(name, await realpath(dir), companions);
  const code = text(root.below);
  await writeFile(join(outDir, `${name}.cjs`), code);
  const copied: SealedCompanion[] = [];
  for (const companion of companions) {
    for (const from of await filesOf(companion)) {
      const file = posix.join(root.below, root.wayTo(from));
      const bytes = await readFile(from);
      await mkdir(dirname(join(outDir, file)), { recursive: true });
      await writeFile(join(outDir, file), bytes);
      copied.push({ file, checksum: checksum(bytes) });
    }
  }
  return { file: `${name}.cjs`, checksum: checksum(code), ...(copied.length > 0 ? { companions: copied } : {}) };
}

/**
 * Where the directory of the migrations is taken to be, for a module: so deep that what lies beside and above it, as far as
 * it is read, lies below the sealed set.
 */
function companionsRoot(name: string, dir: string, companions: readonly string[]) {
  const wayTo = (file: string) => relative(dir, file).replaceAll("\\", "/");
  const ups = companions.map(
    (file) =>
      wayTo(file)
        .split("/")
        .filter((part) => part === "..").length,
  );
  const below = [companionsFolder, name, ...Array.from({ length: Math.max(0, ...ups) }, () => "up")].join("/");
  return { below, wayTo };
}

/** A file, or the files in a folder. */
async function filesOf(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) {
    return [path];
  }
  const entries = await readdir(path, { withFileTypes: true });
  const wanted = entries.filter(({ name }) => name !== "node_modules" && !isSecret(name));
  const found: string[] = [];
  for (const entry of wanted) {
    const file = join(path, entry.name);
    // A link to a folder may lead back to where it is.
    const isFile = entry.isFile() || (entry.isSymbolicLink() && (await stat(file)).isFile());
    found.push(...(entry.isDirectory() ? await filesOf(file) : isFile ? [file] : []));
  }
  return found.sort();
}
