import { exitCodes } from "../errors";
import {
  baseOption,
  databaseOptions,
  modelSettings,
  modelsOptions,
  readOptions,
  readProjectFile,
  scratchOptions,
  sourceOptions,
} from "../settings";
import type { Command } from "./command";
import { loadDevelop } from "./load-develop";

const options = { ...sourceOptions, ...databaseOptions, ...scratchOptions, ...modelsOptions, base: baseOption };

export const check: Command = {
  name: "check",
  about: "exit 3 unless models equal migrations, the branch adds to one line of history, and lint finds no error (CI)",
  examples: ["schemagate check --base origin/main"],
  options,
  run: async (given, context) => {
    const settings = readOptions(options, given, context.env);
    const directory = process.cwd();
    const models = modelSettings(settings, await readProjectFile(directory), directory);
    const develop = await loadDevelop();
    const modelOptions = { casing: models.casing, passEnv: models.passEnv };
    const checked = await develop.check({ ...settings, models: models.paths, modelOptions }, context);
    context.output.result({ event: "checked", ...checked }, (style) => develop.describeChecked(checked, style));
    return checked.ok ? exitCodes.ok : exitCodes.notCurrent;
  },
};
