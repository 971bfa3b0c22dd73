import { exitCodes } from "../../errors";
import { Ledger } from "../../ledger/ledger";
import { compare, newestApplied, type Standing } from "../../plan/compare";
import { withDatabase } from "../../run/session";
import { databaseOptions, readOptions, sourceOptions } from "../../settings";
import { loadSource } from "../../source/load";
import type { Command } from "./command";

const options = { ...sourceOptions, ...databaseOptions };

export const current: Command = {
  name: "current",
  about: "print the newest applied migration",
  examples: ["schemagate current"],
  options,
  run: async (given, context) => {
    const settings = readOptions(options, given, context.env);
    const source = await loadSource(settings.dir);
    const rows = await withDatabase(settings, context, ({ client }) =>
      new Ledger(client, settings.ledgerSchema).read(),
    );
    const name = newestApplied(rows);
    const relation = relate(compare(source, rows));
    context.output.result({ event: "current", current: name ?? null, relation }, () =>
      name ? `${name} (${relation})` : "no migration is applied",
    );
    return exitCodes.ok;
  },
};

/** How the newest applied migration stands to the newest one here; `head` is Alembic's word for "the same". */
function relate(standings: readonly Standing[]): "head" | "ahead" | "behind" {
  if (standings.some(({ state }) => state === "ahead")) {
    return "ahead";
  }
  return standings.every(({ row }) => row) ? "head" : "behind";
}
