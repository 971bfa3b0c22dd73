import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { checksum } from "./checksum";
import type { SourceFile } from "./files";
import { loadCompiledModule } from "./load-module";
import type { Source } from "./migration";
import { hashText } from "./postgres-hash";
import { sealError } from "./seal-error";
import { readSealSummary, type SealSummary, sealSummaryFileName, sealSummaryFormat } from "./seal-summary";

/** Names and texts of the whole set; read only when the summary does not say that all of it is applied. */
export const sealFileName = "sealed.json";

/** Format of the sealed file. The one before it knew no companions; any other is refused. */
const sealFormat = 3;
const readFormats: readonly unknown[] = [2, sealFormat];

/** One file of the set, as it was when it was sealed. */
export interface SealedFile {
  /** Path inside the set. */
  readonly path: string;
  /** Source text, as checksummed. */
  readonly text: string;
  /** Compiled file beside the sealed one, for modules. */
  readonly module?: {
    readonly file: string;
    readonly checksum: string;
    readonly companions?: readonly SealedCompanion[];
  };
}

/** A file that a module reads beside itself. */
export interface SealedCompanion {
  /** Path below the sealed set, with `/`. */
  readonly file: string;
  readonly checksum: string;
}

interface SealedSet {
  readonly format: typeof sealFormat;
  readonly files: readonly SealedFile[];
}

/** Serializes a set. */
export function sealText(files: readonly SealedFile[]): string {
  const sealed: SealedSet = { format: sealFormat, files };
  return `${JSON.stringify(sealed, null, 1)}\n`;
}

/**
 * Serializes what the ledger holds when all of a set is applied.
 *
 * @param sealed the set, serialized.
 */
export function summaryText({ migrations, repeatables }: Source, sealed: string): string {
  const summary: SealSummary = {
    format: sealSummaryFormat,
    contents: checksum(sealed),
    applied: sumOfHashes(migrations),
    newest: migrations.at(-1)?.name ?? "",
    repeatables: Object.fromEntries(repeatables.map(({ name, checksum: value }) => [name, value])),
  };
  return `${JSON.stringify(summary)}\n`;
}

/** What `Ledger.summarize` computes of the same migrations. */
function sumOfHashes(migrations: Source["migrations"]): string {
  return String(migrations.reduce((sum, { name, checksum: value }) => sum + hashText(`${name} ${value}`), 0n));
}

/**
 * Reads the files of the sealed set in a directory.
 *
 * @throws usage (exit 2) when it is damaged, altered, or of another format.
 */
export async function readSealedFiles(dir: string): Promise<SourceFile[]> {
  const path = join(dir, sealFileName);
  const summary = readSealSummary(dir);
  if (!summary) {
    throw sealError(path, `there is no ${sealSummaryFileName} beside it`);
  }
  const { files } = await readSealFile(path, summary.contents);
  return files.map((file) => ({
    path: file.path,
    file: file.path,
    text: file.text,
    load: () => loadSealedModule(dir, file),
  }));
}

async function readSealFile(path: string, contents: string): Promise<SealedSet> {
  const text = await readText(path);
  if (checksum(text) !== contents) {
    throw sealError(path, "its contents do not match its digest: it was altered after it was sealed");
  }
  const sealed: SealedSet = JSON.parse(text);
  if (!readFormats.includes(sealed.format)) {
    throw sealError(path, `its format is ${String(sealed.format)}, this version reads ${readFormats.join(" and ")}`);
  }
  return sealed;
}

async function loadSealedModule(dir: string, { path, module }: SealedFile) {
  const file = join(dir, module?.file ?? path);
  for (const one of [{ file: module?.file ?? path, checksum: module?.checksum }, ...(module?.companions ?? [])]) {
    const found = checksum(await readBytes(join(dir, one.file)));
    if (found !== one.checksum) {
      throw sealError(join(dir, one.file), `its checksum is ${found}, sealed was ${one.checksum ?? "none"}`);
    }
  }
  return loadCompiledModule(file);
}

async function readText(path: string): Promise<string> {
  return (await readBytes(path)).toString();
}

async function readBytes(path: string): Promise<Buffer> {
  return readFile(path).catch((cause) => {
    throw sealError(path, messageOf(cause));
  });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
