import { readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Problem } from "../errors";
import { decodeText } from "./checksum";
import { readIgnored } from "./ignored";
import { isOutside, listSet, outsideLink } from "./listing";
import { loadMigrationModule } from "./load-module";
import type { MigrationModule } from "./migration";

/** One file of a set of migrations. */
export interface SourceFile {
  /** Path inside the set, with `/`: `20260101000000_a.sql`, `repeatable/views.sql`. */
  readonly path: string;
  /** Path for messages. */
  readonly file: string;
  /** Text without byte order mark, LF line ends. */
  readonly text: string;
  /** Loads it as a module. */
  readonly load: () => Promise<MigrationModule>;
}

/**
 * Reads the files of a directory of migrations.
 *
 * @param problems receives what is wrong with single files, and those that could be a migration and are not read.
 * @throws usage (exit 2) when the directory or the project's file cannot be read.
 */
export async function readFiles(dir: string, problems: Problem[]): Promise<SourceFile[]> {
  const listing = await listSet(dir, await readIgnored(dir));
  problems.push(...listing.problems);
  const files: SourceFile[] = [];
  const root = await realpath(dir);
  for (const path of listing.paths) {
    const file = join(dir, path);
    const text = await readText(root, file, problems);
    if (text !== undefined) {
      files.push({ path, file, text, load: () => loadMigrationModule(file, dir) });
    }
  }
  return files;
}

async function readText(root: string, file: string, problems: Problem[]): Promise<string | undefined> {
  try {
    const target = await realpath(file);
    if (isOutside(root, target)) {
      problems.push(outsideLink(file, target));
      return undefined;
    }
    // A pipe would be waited for, for ever.
    if (!(await stat(file)).isFile()) {
      throw new Error("it is no file");
    }
    return checkNul(decodeText(await readFile(file)), file, problems);
  } catch (cause) {
    const notUtf8 = (cause as { code?: string }).code === "ERR_ENCODING_INVALID_ENCODED_DATA";
    problems.push({
      code: notUtf8 ? "not-utf8" : "unreadable",
      message: `${file}: ${notUtf8 ? "is not UTF-8" : `cannot be read: ${messageOf(cause)}`}`,
      hint: notUtf8 ? "Save it as UTF-8." : "Make it readable to this user.",
    });
    return undefined;
  }
}

function checkNul(text: string, file: string, problems: Problem[]): string | undefined {
  const position = text.indexOf("\0");
  if (position === -1) {
    return text;
  }
  problems.push({
    code: "nul",
    message: `${file}:${text.slice(0, position).split("\n").length}: holds a NUL character, which PostgreSQL cannot take`,
    hint: "Delete it; the file may be UTF-16: save it as UTF-8.",
  });
  return undefined;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
