import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { type Problem, usageError } from "../errors";
import type { Ignored } from "./ignored";
import { folders, isAside, isRead, unreadFolderProblem, unreadProblem } from "./unread";

/** What a directory of migrations holds. */
export interface Listing {
  /** Files that are read, as paths inside the set, with `/`, in order. */
  readonly paths: readonly string[];
  /** What could be a migration and is not read, and what cannot be looked into (INV-23). */
  readonly problems: readonly Problem[];
}

/**
 * Lists the files of a directory of migrations, and what in it and its folders could be taken for one.
 *
 * @throws usage (exit 2) when the directory cannot be read.
 */
export async function listSet(dir: string, isIgnored: Ignored): Promise<Listing> {
  const found: Found = { dir, root: await realRoot(dir), isIgnored, files: [], problems: [] };
  await walk("", found);
  const files = found.files.sort();
  const all = new Set(files);
  const unread = files.filter((path) => !isRead(path));
  return {
    paths: [...files.filter(isTop), ...files.filter((path) => !isTop(path))].filter(isRead),
    problems: [...found.problems, ...unread.flatMap((path) => unreadProblem(path, join(dir, path), all) ?? [])],
  };
}

const isTop = (path: string) => !path.includes("/");

interface Found {
  readonly dir: string;
  /** Where the directory is without links. */
  readonly root: string;
  readonly isIgnored: Ignored;
  readonly files: string[];
  readonly problems: Problem[];
}

async function realRoot(dir: string): Promise<string> {
  try {
    return await realpath(dir);
  } catch (cause) {
    throw noDirectory(dir, cause);
  }
}

async function walk(folder: string, found: Found): Promise<void> {
  for (const entry of await entriesOf(folder, found)) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (isAside(entry.name) || found.isIgnored(path)) {
      continue;
    }
    if (entry.isDirectory() || (entry.isSymbolicLink() && (await leadsToFolder(path, found)))) {
      await walkFolder(path, entry, found);
    } else {
      found.files.push(path);
    }
  }
}

async function walkFolder(path: string, entry: Dirent, found: Found): Promise<void> {
  const file = join(found.dir, path);
  const named = unreadFolderProblem(path, file);
  if (named) {
    found.problems.push(named);
  } else if (!entry.isSymbolicLink() || Object.values<string>(folders).includes(path)) {
    await walk(path, found);
  } else if (isOutside(found.root, await realpath(file))) {
    // What lies inside is looked at where it lies, and a link may lead back to where it is.
    found.problems.push(outsideLink(file, await realpath(file)));
  }
}

async function entriesOf(folder: string, { dir, problems }: Found): Promise<Dirent[]> {
  const path = join(dir, folder);
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (cause) {
    if (folder === "") {
      throw noDirectory(dir, cause);
    }
    problems.push({
      code: "unreadable",
      message: `${path}: cannot be read: ${messageOf(cause)}`,
      hint: "Make it readable to this user: it may hold migrations.",
    });
    return [];
  }
}

async function leadsToFolder(path: string, { dir }: Found): Promise<boolean> {
  if (isRead(path)) {
    // Whatever is behind a migration's name is read, and refused where it cannot be.
    return false;
  }
  return stat(join(dir, path)).then(
    (target) => target.isDirectory(),
    () => false,
  );
}

/** Whether a path lies outside of a directory; both without links. */
export function isOutside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way);
}

/** What a link out of the directory is refused for. */
export function outsideLink(file: string, target: string): Problem {
  return {
    code: "outside-link",
    message: `${file} is a link out of the migrations directory, to ${target}`,
    hint: "Copy what it leads to into the directory: an image would not carry what lies outside.",
  };
}

function noDirectory(dir: string, cause: unknown) {
  return usageError({
    code: "no-directory",
    message: `the migrations directory ${dir} cannot be read: ${messageOf(cause)}`,
    hint: "Name the directory with --dir or SCHEMAGATE_DIR.",
  });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
