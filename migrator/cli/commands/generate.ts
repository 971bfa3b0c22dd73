import { exitCodes } from "../../errors";
import {
  databaseOptions,
  dryRunOption,
  generateOptions,
  messageOption,
  modelsOptions,
  readOptions,
  scratchOptions,
  sourceOptions,
} from "../../settings";
import { slug } from "../../source/new-name";
import type { Command } from "./command";
import { loadDevelop } from "./load-develop";
import { readModels } from "./read-models";

const options = {
  ...sourceOptions,
  ...databaseOptions,
  ...scratchOptions,
  ...modelsOptions,
  ...generateOptions,
  message: messageOption,
  dryRun: dryRunOption,
};

export const generate: Command = {
  name: "generate",
  about: "write the migration from the migrations' schema to the models', up and down, and prove it",
  examples: [
    'schemagate generate -m "add invoices"',
    'schemagate generate -m "rename total" --rename column:orders.total=amount',
  ],
  options,
  run: async (given, context) => {
    const settings = readOptions(options, given, context.env);
    const slugText = slug(settings.message);
    const models = await readModels(settings);
    const { runGenerate, describeWritten } = await loadDevelop();
    const result = await runGenerate(
      {
        ...settings,
        ...models,
        slug: slugText,
        renames: settings.rename,
      },
      context,
    );
    context.output.result({ event: "generated", proven: result.proof.ok, ...result }, (style) =>
      describeWritten(result, style),
    );
    return result.proof.ok ? exitCodes.ok : exitCodes.notCurrent;
  },
};
