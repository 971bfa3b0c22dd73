import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { type Problem, usageError } from "../errors";
import { decodeText } from "./checksum";
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

/** Folders of a set that hold files of a kind of their own. */
export const folders = { repeatable: "repeatable", hooks: "hooks" } as const;

const migrationFile = /\.(sql|[cm]?[jt]s)$/;
const declarationFile = /\.d\.[cm]?ts$/;

/**
 * Reads the files of a directory of migrations; others in it, and other folders, are left alone.
 *
 * @param problems receives what is wrong with single files.
 * @throws usage (exit 2) when the directory cannot be read.
 */
export async function readFiles(dir: string, problems: Problem[]): Promise<SourceFile[]> {
  const paths = await listFiles(dir);
  for (const folder of Object.values(folders)) {
    const inFolder = await listFiles(join(dir, folder)).catch(() => []);
    paths.push(...inFolder.map((path) => `${folder}/${path}`));
  }
  const files: SourceFile[] = [];
  const root = await realpath(dir);
  for (const path of paths) {
    const file = join(dir, path);
    const text = await readText(root, file, problems);
    if (text !== undefined) {
      files.push({ path, file, text, load: () => loadMigrationModule(file) });
    }
  }
  return files;
}

/** Names of the migration files directly in a directory. */
export async function listFiles(dir: string): Promise<string[]> {
  try {
    const entries = await readdir(dir, { withFileTypes: true });
    return entries
      .filter(({ name }) => isMigrationFile(name))
      .filter((entry) => !entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch (cause) {
    throw usageError({
      code: "no-directory",
      message: `the migrations directory ${dir} cannot be read: ${messageOf(cause)}`,
      hint: "Name the directory with --dir or SCHEMAGATE_DIR.",
    });
  }
}

/** Whether a file's name is one of a migration. */
export function isMigrationFile(name: string): boolean {
  return migrationFile.test(name) && !declarationFile.test(name) && !name.startsWith(".");
}

async function readText(root: string, file: string, problems: Problem[]): Promise<string | undefined> {
  try {
    const target = relative(root, await realpath(file));
    if (target === ".." || target.startsWith(`..${sep}`) || isAbsolute(target)) {
      problems.push({
        code: "outside-link",
        message: `${file} is a link out of the migrations directory, to ${await realpath(file)}`,
        hint: "Copy the file into the directory: an image would not carry what lies outside.",
      });
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
