import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Problem, usageError } from "../errors";
import { checksum } from "./checksum";
import { loadMigrationModule } from "./load-module";
import type { Migration, Source } from "./migration";
import { toMigration } from "./to-migration";

/** The one file a start reads: names, checksums and SQL of the whole set. */
export const sealFileName = "sealed.json";

/** Format of the sealed file; a reader refuses any other. */
const sealFormat = 1;

interface SealedMigration {
  /** File name of the source, for messages: `<name>.sql`, `<name>.ts`. */
  readonly file: string;
  /** Source text, as checksummed. */
  readonly text: string;
  /** Compiled file beside the sealed one, for modules. */
  readonly module?: { readonly file: string; readonly checksum: string };
}

interface SealedSet {
  readonly format: typeof sealFormat;
  /** Over everything below. */
  readonly digest: string;
  readonly migrations: readonly SealedMigration[];
}

/** Serializes a set of migrations with a digest over all of it. */
export function sealText(migrations: readonly SealedMigration[]): string {
  const sealed: SealedSet = { format: sealFormat, digest: digestOf(migrations), migrations };
  return `${JSON.stringify(sealed, null, 1)}\n`;
}

/**
 * Reads the sealed set of a directory.
 *
 * @throws usage (exit 2) when it is damaged, altered, or of another format.
 */
export async function readSealedSet(dir: string): Promise<Source> {
  const sealed = await readSealFile(join(dir, sealFileName));
  const problems: Problem[] = [];
  const migrations = sealed.migrations.flatMap((entry): Migration[] => {
    const name = entry.file.replace(/\.[^.]+$/, "");
    const migration = toMigration(name, entry.file, entry.text, () => loadSealedModule(dir, entry), problems);
    return migration ? [migration] : [];
  });
  return { dir, sealed: true, migrations, problems };
}

async function readSealFile(path: string): Promise<SealedSet> {
  let sealed: SealedSet;
  try {
    sealed = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw sealError(path, cause instanceof Error ? cause.message : String(cause));
  }
  if (sealed.format !== sealFormat) {
    throw sealError(path, `its format is ${String(sealed.format)}, this version reads ${sealFormat}`);
  }
  if (!Array.isArray(sealed.migrations) || digestOf(sealed.migrations) !== sealed.digest) {
    throw sealError(path, "its contents do not match its digest: it was altered after it was sealed");
  }
  return sealed;
}

async function loadSealedModule(dir: string, entry: SealedMigration) {
  const path = join(dir, entry.module?.file ?? entry.file);
  const found = checksum(await readFile(path, "utf8"));
  if (found !== entry.module?.checksum) {
    throw sealError(path, `its checksum is ${found}, sealed was ${entry.module?.checksum ?? "none"}`);
  }
  return loadMigrationModule(path);
}

function sealError(path: string, why: string) {
  return usageError({
    code: "bad-seal",
    message: `the sealed migrations ${path} cannot be used: ${why}`,
    hint: "Build the image again; `schemagate seal` writes the set.",
  });
}

function digestOf(migrations: readonly SealedMigration[]): string {
  return `sha256:${createHash("sha256").update(JSON.stringify(migrations)).digest("hex")}`;
}
