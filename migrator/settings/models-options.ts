import { dirname, relative, resolve } from "node:path";
import { oneOf } from "./parsers";
import type { Casing, ProjectFile } from "./project-file";
import { defineOption, type OptionValues } from "./read-options";

/** Several values in one text; an option that is given repeatedly arrives in this form too. */
function list(text: string): readonly string[] {
  const values = text.split(",").map((value) => value.trim());
  if (values.includes("")) {
    throw new Error("must be values with commas between them, and one of them is empty");
  }
  return values;
}

/** Options of the commands that read models. */
export const modelsOptions = {
  models: defineOption<readonly string[] | undefined>({
    flags: "--models <path...>",
    env: "SCHEMAGATE_MODELS",
    about:
      "what the schema should be: Drizzle modules, SQL files or directories of them; several with commas between them " +
      "(default: models in schemagate.json)",
    parse: list,
  }),
  casing: defineOption<Casing | undefined>({
    flags: "--casing <style>",
    env: "SCHEMAGATE_CASING",
    about: "how Drizzle names columns without a name of their own: snake_case or camelCase (default: as in the module)",
    parse: oneOf("snake_case", "camelCase"),
  }),
  modelsEnv: defineOption<readonly string[] | undefined>({
    flags: "--models-env <name...>",
    env: "SCHEMAGATE_MODELS_ENV",
    about: "variables that Drizzle modules need; they get none but PATH and the like otherwise",
    parse: list,
  }),
};

/** What is to be read, and how. */
export interface ModelSettings {
  /** From the working directory; none: nothing names any. */
  readonly paths: readonly string[];
  readonly casing?: Casing;
  readonly passEnv: readonly string[];
}

/**
 * Settles where models are: option or variable, or else the project's file.
 *
 * @param directory the working directory.
 */
export function modelSettings(
  values: OptionValues<typeof modelsOptions>,
  project: ProjectFile | undefined,
  directory: string,
): ModelSettings {
  return {
    paths: values.models ?? (project?.models ?? []).map((path) => fromProject(path, project, directory)),
    casing: values.casing ?? project?.casing,
    passEnv: values.modelsEnv ?? project?.modelsEnv ?? [],
  };
}

/** Paths in the file are relative to it. */
function fromProject(given: string, project: ProjectFile | undefined, directory: string): string {
  const [, kind = "", path = given] = /^([a-z][\w-]+:)(.*)$/s.exec(given) ?? [];
  return kind + (relative(directory, resolve(dirname(project?.file ?? directory), path)) || ".");
}
