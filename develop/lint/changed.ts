import { realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Migration, Source } from "../../migrator/source/migration";
import { findMergeBase, gitText } from "../git";

/**
 * Finds the migrations that are new or changed since a branch left another: committed, staged or only written.
 *
 * @param base a git ref, such as origin/main.
 * @returns names, of repeatable objects and hooks too, in the order of the source.
 * @throws usage (exit 2) when there is no git, no repository, no such ref, or no common history.
 */
export async function changedSince(base: string, source: Source): Promise<string[]> {
  const dir = await realpath(source.dir);
  const mergeBase = await findMergeBase(base, dir);
  const changed = await gitText(
    dir,
    "diff",
    "--name-only",
    "--no-renames",
    "--diff-filter=d",
    "--relative",
    "-z",
    mergeBase,
    "--",
    ".",
  );
  const untracked = await gitText(dir, "ls-files", "--others", "--exclude-standard", "-z", "--", ".");
  const files = new Set(
    `${changed}${untracked}`
      .split("\0")
      .filter(Boolean)
      .map((path) => join(dir, path)),
  );
  const { hooks, migrations, repeatables } = source;
  const all = [...migrations, ...repeatables, hooks.beforeAll, hooks.afterAll].filter((one) => one !== undefined);
  return all
    .filter((one) => filesOf(one).some((file) => files.has(join(dir, file.slice(source.dir.length)))))
    .map(({ name }) => name);
}

/** Directory of the repository that holds a directory, or the working directory where there is none. */
export async function repositoryRoot(dir: string): Promise<string> {
  // The way up, not the path: links on it stay as they are.
  return gitText(dir, "rev-parse", "--show-cdup").then(
    (up) => resolve(dir, up.trim()),
    () => process.cwd(),
  );
}

function filesOf(migration: Migration): string[] {
  const sections = migration.kind === "sql" ? [migration.up, migration.down] : [];
  return [migration.file, ...sections.flatMap((section) => section?.file ?? [])];
}
