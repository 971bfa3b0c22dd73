import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Problem, usageError } from "../errors";
import { decodeText } from "./checksum";
import { loadMigrationModule } from "./load-module";
import { compareNames, type Migration, type Source, versionOf } from "./migration";
import { readSealedSet, sealFileName } from "./sealed";
import { toMigration } from "./to-migration";

const migrationFile = /\.(sql|[cm]?[jt]s)$/;
const migrationName = /^\d+_[A-Za-z0-9_-]+$/;

/**
 * Reads the migrations of a directory, or the sealed set in it, without running any of them.
 *
 * @param dir path of the directory.
 * @returns the ordered set with everything that is wrong with it in `problems`.
 * @throws usage (exit 2) when the directory cannot be read or holds no migration: a gate over a mistyped path would
 * be open for ever.
 */
export async function loadSource(dir: string): Promise<Source> {
  const path = resolve(dir);
  const source = existsSync(join(path, sealFileName)) ? await readSealedSet(path) : await readDirectory(path);
  if (source.migrations.length === 0 && source.problems.length === 0) {
    throw usageError({
      code: "no-migrations",
      message: `there is no migration in ${path}`,
      hint: 'Name the directory with --dir or SCHEMAGATE_DIR, or write the first migration with `create -m "…"`.',
    });
  }
  return source;
}

async function readDirectory(dir: string): Promise<Source> {
  const problems: Problem[] = [];
  const migrations: Migration[] = [];
  for (const file of await listFiles(dir)) {
    const migration = await readMigration(dir, file, problems);
    if (migration) {
      migrations.push(migration);
    }
  }
  migrations.sort((a, b) => compareNames(a.name, b.name));
  problems.push(...duplicateProblems(migrations));
  return { dir, sealed: false, migrations, problems };
}

async function listFiles(dir: string): Promise<string[]> {
  try {
    const entries = await readdir(dir, { withFileTypes: true });
    return entries
      .filter(
        (entry) => !entry.isDirectory() && migrationFile.test(entry.name) && !/^\.|\.d\.[cm]?ts$/.test(entry.name),
      )
      .map((entry) => entry.name)
      .sort();
  } catch (cause) {
    throw usageError({
      code: "no-directory",
      message: `the migrations directory ${dir} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: "Name the directory with --dir or SCHEMAGATE_DIR.",
    });
  }
}

/** Names of the migrations in a directory, unread. */
export async function listMigrationNames(dir: string): Promise<string[]> {
  return (await listFiles(dir))
    .map((file) => file.replace(migrationFile, ""))
    .filter((name) => migrationName.test(name));
}

async function readMigration(dir: string, fileName: string, problems: Problem[]): Promise<Migration | undefined> {
  const file = join(dir, fileName);
  const name = fileName.replace(migrationFile, "");
  if (!migrationName.test(name)) {
    problems.push({
      code: "bad-name",
      message: `${file}: "${fileName}" is no migration name`,
      hint: "Names are <UTC yyyymmddhhmmss>_<slug>.sql or .ts; `create -m` makes one.",
    });
    return undefined;
  }
  const text = await readText(file, problems);
  return text === undefined ? undefined : toMigration(name, file, text, () => loadMigrationModule(file), problems);
}

async function readText(file: string, problems: Problem[]): Promise<string | undefined> {
  try {
    return decodeText(await readFile(file));
  } catch (cause) {
    const notUtf8 = (cause as { code?: string }).code === "ERR_ENCODING_INVALID_ENCODED_DATA";
    problems.push({
      code: notUtf8 ? "not-utf8" : "unreadable",
      message: `${file}: ${notUtf8 ? "is not UTF-8" : `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`}`,
      hint: notUtf8 ? "Save it as UTF-8." : "Make it readable to this user.",
    });
    return undefined;
  }
}

function duplicateProblems(migrations: readonly Migration[]): Problem[] {
  const problems: Problem[] = [];
  migrations.forEach((migration, index) => {
    const previous = migrations[index - 1];
    if (previous && versionOf(previous.name) === versionOf(migration.name)) {
      problems.push({
        code: "duplicate-version",
        message: `${previous.file} and ${migration.file} begin with the same number: their order is undefined`,
        hint: "Give one of them a newer timestamp.",
      });
    }
  });
  return problems;
}
