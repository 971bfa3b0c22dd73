import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { refusal, usageError } from "../errors";
import { checksum } from "./checksum";
import { readFiles } from "./files";
import type { Source } from "./migration";
import { sealSummaryFileName } from "./seal-summary";
import { type SealedFile, sealFileName, sealText, summaryText } from "./sealed";

/**
 * Writes a set of migrations as an image carries it: a summary, one file with names and SQL, and each module compiled to
 * a single CommonJS file with everything it imports. Identity and checksum stay those of the source files.
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
  await mkdir(outDir, { recursive: true });
  const sealed: SealedFile[] = [];
  for (const { path, file, text } of await readFiles(source.dir, [])) {
    sealed.push(path.endsWith(".sql") ? { path, text } : { path, text, module: await compile(path, file, outDir) });
  }
  // Never a summary beside a set that is not its own.
  await rm(join(outDir, sealSummaryFileName), { force: true });
  const text = sealText(sealed);
  await writeFile(join(outDir, sealFileName), text);
  await writeFile(join(outDir, sealSummaryFileName), summaryText(source, text));
}

async function compile(path: string, file: string, outDir: string): Promise<{ file: string; checksum: string }> {
  const outFile = `${path.replace(/\.[^.]+$/, "").replaceAll("/", "-")}.cjs`;
  const { build } = await loadEsbuild(file);
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    write: false,
    logLevel: "silent",
  });
  const text = outputFiles[0]?.text ?? "";
  await writeFile(join(outDir, outFile), text);
  return { file: outFile, checksum: checksum(text) };
}

async function loadEsbuild(file: string): Promise<typeof import("esbuild")> {
  try {
    return require("esbuild");
  } catch (cause) {
    throw usageError({
      code: "no-esbuild",
      message: `${file} must be compiled to be sealed, and the package esbuild is missing (${String(cause)})`,
      hint: "Run `npm install --save-dev esbuild`.",
    });
  }
}
