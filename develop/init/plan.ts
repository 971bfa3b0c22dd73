import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { usageError } from "../../migrator/errors";
import { nameProject } from "./name";
import { type NextStep, nextSteps } from "./next-steps";
import { type ProjectKind, readTemplates, type TemplateFile } from "./templates";

/** What `init` would do. */
export interface InitPlan {
  /** Absolute path. */
  readonly directory: string;
  readonly kind: ProjectKind;
  readonly name: string;
  /** What is missing, by path. */
  readonly missing: readonly TemplateFile[];
  /** What is there, and stays as it is. */
  readonly kept: readonly string[];
  /** What is left to do by hand, in order. */
  readonly next: readonly NextStep[];
}

/** What a repository has before anything is in it. */
const nothingYet = /^(\.git|\.gitignore|\.gitattributes|\.editorconfig|README(\..*)?|LICENSE(\..*)?)$/i;

/**
 * Finds out what a directory lacks to be a project of schemagate; writes nothing.
 *
 * @param target may be missing: then it is a new project.
 * @throws usage (exit 2) when it is no directory, or no name can be made of it.
 */
export async function planInit(target: string, name: string | undefined): Promise<InitPlan> {
  const directory = resolve(target);
  const kind = await kindOf(directory);
  const names = nameProject(name, directory);
  const files = await readTemplates(kind, names);
  const missing: TemplateFile[] = [];
  const kept: string[] = [];
  for (const file of files) {
    if ((await readIfThere(join(directory, file.path))) === undefined) {
      missing.push(file);
    } else {
      kept.push(file.path);
    }
  }
  const read = (path: string) => readIfThere(join(directory, path));
  return {
    directory,
    kind,
    name: names.name,
    missing,
    kept,
    next: await nextSteps({ target, kind, files, kept, read }),
  };
}

async function kindOf(directory: string): Promise<ProjectKind> {
  const entries = await list(directory);
  if (entries.every((entry) => nothingYet.test(entry))) {
    return "project";
  }
  // One that was made here before, and is not an API that was there first.
  const main = entries.includes("infra") ? await readIfThere(join(directory, "infra/main.ts")) : undefined;
  const isMade = main?.includes("schemagate/stacks") ?? false;
  return isMade && (await readIfThere(join(directory, "migrator/Dockerfile.stage"))) === undefined
    ? "project"
    : "existing";
}

async function list(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") {
      return [];
    }
    throw cannotRead(directory, cause);
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") {
      return undefined;
    }
    // A directory of that name is there, too: nothing is written over it.
    if (code === "EISDIR") {
      return "";
    }
    throw cannotRead(file, cause);
  }
}

function cannotRead(path: string, cause: unknown) {
  return usageError({
    code: "unreadable",
    message: `${path} cannot be read: ${(cause as Error).message}`,
    hint: "Name a directory that is there or can be made, and that this user may read.",
  });
}
