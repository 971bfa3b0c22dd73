import { exitCodes } from "../../errors";
import { planRepair } from "../../run/repair";
import { databaseOptions, readOptions, runOptions, sourceOptions, yesOption } from "../../settings";
import { loadSource } from "../../source/load";
import { showAndChange } from "./change-ledger";
import type { Command } from "./command";

const options = { ...sourceOptions, ...databaseOptions, ...runOptions, yes: yesOption };

export const repair: Command = {
  name: "repair",
  about: "accept edited migrations, forget missing ones, clear partial ones; shows them and asks",
  examples: ["schemagate repair", "schemagate repair --yes"],
  options,
  run: async (given, context) => {
    const settings = readOptions(options, given, context.env);
    const source = await loadSource(settings.dir);
    await showAndChange("repair", settings, context, (rows) => planRepair(source, rows));
    return exitCodes.ok;
  },
};
