import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Problem, usageError } from "../errors";
import { suggest } from "./suggest";

/** Name of the file in which a project says what it would otherwise say in every command. */
export const projectFileName = "schemagate.json";

/** A key of the file. */
interface Key<T> {
  /** What a value must be. */
  readonly must: string;
  readonly accepts: (value: unknown) => value is T;
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const texts: Key<readonly string[]>["accepts"] = (value): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every(isText);

/** Backslashes would make one pattern of Windows and another one of elsewhere; a negated one is for all but what it names. */
const isPattern = (value: unknown): value is string =>
  isText(value) && !/^[!/]|\\|^[A-Za-z]:/.test(value) && !value.split("/").includes("..");
const patterns = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isPattern);

const casings = ["snake_case", "camelCase"] as const;
/** How Drizzle names columns that have no name of their own. */
export type Casing = (typeof casings)[number];

/** Every key there is; one more is a line here. */
const keys = {
  models: { must: "a list of paths", accepts: texts } satisfies Key<readonly string[]>,
  modelsEnv: { must: "a list of names of variables", accepts: texts } satisfies Key<readonly string[]>,
  casing: {
    must: `one of ${casings.join(", ")}`,
    accepts: (value): value is Casing => casings.some((casing) => casing === value),
  } satisfies Key<Casing>,
  ignore: {
    must: "a list of patterns relative to the migrations directory, with /, without .. and !",
    accepts: patterns,
  } satisfies Key<readonly string[]>,
};

type ValueOf<K> = K extends Key<infer T> ? T : never;

/** What the file says, by key. */
export type ProjectSettings = { readonly [Name in keyof typeof keys]?: ValueOf<(typeof keys)[Name]> };

/** The project's file. */
export interface ProjectFile extends ProjectSettings {
  /** Its path. */
  readonly file: string;
}

/**
 * Reads schemagate.json: in this directory, or else in those above it up to the one with package.json.
 *
 * @returns undefined when there is none: it is optional.
 * @throws usage (exit 2) with everything that is wrong with it.
 */
export async function readProjectFile(directory: string): Promise<ProjectFile | undefined> {
  for (let dir = resolve(directory); ; dir = dirname(dir)) {
    const file = join(dir, projectFileName);
    const text = await readOptional(file);
    if (text !== undefined) {
      return { ...parseProjectFile(text, file), file };
    }
    if (dir === dirname(dir) || (await readOptional(join(dir, "package.json"))) !== undefined) {
      return undefined;
    }
  }
}

/**
 * Reads the text of a schemagate.json.
 *
 * @param file path for messages.
 * @throws usage (exit 2) with everything that is wrong with it.
 */
export function parseProjectFile(text: string, file: string): ProjectSettings {
  const parsed = parseJson(text, file);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw usageError({
      code: "bad-project-file",
      message: `${file}: must be an object, and is ${Array.isArray(parsed) ? "a list" : JSON.stringify(parsed)}`,
      hint: 'For instance { "models": ["app/models.ts"] }.',
    });
  }
  const problems = Object.entries(parsed).flatMap(([name, value]) => keyProblem(name, value, file));
  if (problems.length > 0) {
    throw usageError(problems);
  }
  return parsed;
}

function keyProblem(name: string, value: unknown, file: string): Problem[] {
  const names = Object.keys(keys);
  if (!names.includes(name)) {
    return [
      {
        code: "unknown-key",
        message: `${file}: there is no key ${JSON.stringify(name)}`,
        hint: `${suggest(name, names)}Keys: ${names.join(", ")}.`,
      },
    ];
  }
  const { must, accepts } = keys[name as keyof typeof keys];
  return accepts(value)
    ? []
    : [{ code: "bad-key", message: `${file}: ${name} (${JSON.stringify(value)}) must be ${must}`, hint: "Mend it." }];
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { message } = cause as Error;
    const [, position] = /at position (\d+)/.exec(message) ?? [];
    const before = text.slice(0, Number(position ?? 0)).split("\n");
    const place = position === undefined ? "" : `:${before.length}:${(before.at(-1) ?? "").length + 1}`;
    throw usageError({
      code: "bad-project-file",
      message: `${file}${place}: is no JSON: ${message}`,
      hint: "Mend it; JSON has no comments, and no comma behind the last element.",
    });
  }
}

async function readOptional(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") {
      return undefined;
    }
    throw usageError({
      code: "bad-project-file",
      message: `${file} cannot be read: ${message}`,
      hint: "Make it readable to this user.",
    });
  }
}
