import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Problem, usageError } from "../errors";
import { assembleSource, nameOfFile } from "./assemble";
import { readFiles } from "./files";
import { readIgnored } from "./ignored";
import { listSet } from "./listing";
import type { Source } from "./migration";
import { readSealedFiles, sealFileName } from "./sealed";

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
  const sealed = existsSync(join(path, sealFileName));
  const problems: Problem[] = [];
  const files = sealed ? await readSealedFiles(path) : await readFiles(path, problems);
  const source = assembleSource(path, sealed, files, problems);
  if (source.migrations.length === 0 && source.problems.length === 0) {
    throw usageError({
      code: "no-migrations",
      message: `there is no migration in ${path}`,
      hint: 'Name the directory with --dir or SCHEMAGATE_DIR, or write the first migration with `create -m "…"`.',
    });
  }
  return source;
}

/** Names of the migrations in a directory, unread. */
export async function listMigrationNames(dir: string): Promise<string[]> {
  const { paths } = await listSet(dir, await readIgnored(dir));
  return paths
    .filter((path) => !path.includes("/"))
    .map(nameOfFile)
    .filter((name) => name !== undefined);
}
