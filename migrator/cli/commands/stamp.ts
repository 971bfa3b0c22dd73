import { exitCodes, refusal } from "../../errors";
import type { LedgerChange } from "../../run/change-ledger";
import { planStamp } from "../../run/repair";
import { databaseOptions, purgeOption, readOptions, runOptions, sourceOptions, yesOption } from "../../settings";
import { loadSource } from "../../source/load";
import type { Source } from "../../source/migration";
import { resolveName } from "../../source/names";
import { showAndChange } from "./change-ledger";
import type { Command } from "./command";

const options = { ...sourceOptions, ...databaseOptions, ...runOptions, purge: purgeOption, yes: yesOption };

export const stamp: Command = {
  name: "stamp",
  about: "say that the database is at a migration, without running anything; asks before it forgets one",
  examples: [
    "schemagate stamp head",
    "schemagate stamp 20260112140500",
    "schemagate stamp base --yes",
    "schemagate stamp base --purge",
  ],
  arguments: [{ syntax: "<name>", about: "a migration, head for the newest, base for none" }],
  options,
  run: async (given, context) => {
    const settings = readOptions(options, given, context.env);
    const source = await loadSource(settings.dir);
    if (source.problems.length > 0) {
      throw refusal(source.problems);
    }
    const to = stampTarget(context.args[0] ?? "head", source);
    // What --purge empties was asked for by name.
    const asksFor = (changes: readonly LedgerChange[]) =>
      !settings.purge && changes.some(({ kind }) => kind === "forget");
    await showAndChange("stamp", settings, context, (rows) => planStamp(source, rows, to, settings.purge), asksFor);
    return exitCodes.ok;
  },
};

/** @returns the migration to be at, or nothing for base. */
function stampTarget(name: string, { migrations }: Source): string | undefined {
  if (name === "base") {
    return undefined;
  }
  const names = migrations.map((migration) => migration.name);
  return name === "head" ? names.at(-1) : resolveName(name, names);
}
