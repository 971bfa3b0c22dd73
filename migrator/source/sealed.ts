import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { checksum } from "./checksum";
import type { SourceFile } from "./files";
import { loadMigrationModule } from "./load-module";
import type { Source } from "./migration";
import { hashText } from "./postgres-hash";
import { sealError } from "./seal-error";
import { readSealSummary, type SealSummary, sealSummaryFileName, sealSummaryFormat } from "./seal-summary";

/** Names and texts of the whole set; read only when the summary does not say that all of it is applied. */
export const sealFileName = "sealed.json";

/** Format of the sealed file; a reader refuses any other. */
const sealFormat = 2;

/** One file of the set, as it was when it was sealed. */
export interface SealedFile {
  /** Path inside the set. */
  readonly path: string;
  /** Source text, as checksummed. */
  readonly text: string;
  /** Compiled file beside the sealed one, for modules. */
  readonly module?: { readonly file: string; readonly checksum: string };
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
  if (sealed.format !== sealFormat) {
    throw sealError(path, `its format is ${String(sealed.format)}, this version reads ${sealFormat}`);
  }
  return sealed;
}

async function loadSealedModule(dir: string, { path, module }: SealedFile) {
  const file = join(dir, module?.file ?? path);
  const found = checksum(await readText(file));
  if (found !== module?.checksum) {
    throw sealError(file, `its checksum is ${found}, sealed was ${module?.checksum ?? "none"}`);
  }
  return loadMigrationModule(file);
}

async function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause) => {
    throw sealError(path, messageOf(cause));
  });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
