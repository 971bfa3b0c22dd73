import { modelSettings, type modelsOptions, type OptionValues } from "../../settings";
import { readProjectFile } from "../../settings/project-file";

/**
 * Settles which models there are, from options, variables and the project's file.
 *
 * @throws usage (exit 2) when the file is wrong.
 */
export async function readModels(settings: OptionValues<typeof modelsOptions>) {
  const directory = process.cwd();
  const { paths, casing, passEnv } = modelSettings(settings, await readProjectFile(directory), directory);
  return { models: paths, modelOptions: { casing, passEnv } };
}
