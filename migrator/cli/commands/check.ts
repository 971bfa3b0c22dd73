import { exitCodes } from "../../errors";
import { baseOption, databaseOptions, modelsOptions, readOptions, scratchOptions, sourceOptions } from "../../settings";
import type { Command } from "./command";
import { loadDevelop } from "./load-develop";
import { readModels } from "./read-models";

/** The flag that lint has, for more than lint. */
const base = { ...baseOption, about: "git ref of the branch to merge into, such as origin/main" };

const options = { ...sourceOptions, ...databaseOptions, ...scratchOptions, ...modelsOptions, base };

export const check: Command = {
  name: "check",
  about: "exit 3 unless models equal migrations, the branch adds to one line of history, and lint finds no error (CI)",
  examples: ["schemagate check --base origin/main"],
  options,
  run: async (given, context) => {
    const settings = readOptions(options, given, context.env);
    const models = await readModels(settings);
    const develop = await loadDevelop();
    const checked = await develop.check({ ...settings, ...models }, context);
    context.output.result({ event: "checked", ...checked }, (style) => develop.describeChecked(checked, style));
    return checked.ok ? exitCodes.ok : exitCodes.notCurrent;
  },
};
