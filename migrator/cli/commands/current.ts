import { exitCodes } from "../../errors";
import { Ledger, type LedgerRow, type Progress } from "../../ledger/ledger";
import { compare, newestApplied, type Standing } from "../../plan/compare";
import { describePlace, isHook, placeOf } from "../../plan/partial";
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
    const partial = rows.filter((row) => row.progress && !isHook(row.name));
    const relation = partial.length > 0 ? "partial" : relate(compare(source, rows));
    const facts = {
      ...{ event: "current", current: name ?? null, relation },
      partial: partial.map((row) => ({ name: row.name, ...placeOf(row) })),
    };
    context.output.result(facts, () => {
      const how = describe(name, relation, partial);
      return name ? `${name} (${how})` : ["no migration is applied", ...(partial.length > 0 ? [how] : [])].join("; ");
    });
    return exitCodes.ok;
  },
};

function describe(newest: string | undefined, relation: string, partial: readonly LedgerRow[]): string {
  const places = partial.map(({ name, progress }) => {
    const { direction } = progress as Progress;
    return `${name === newest ? "" : `${name} is `}partial: its ${direction} is ${describePlace(progress as Progress)}`;
  });
  return places.length > 0 ? places.join("; ") : relation;
}

/** How the newest applied migration stands to the newest one here; `head` is Alembic's word for "the same". */
function relate(standings: readonly Standing[]): "head" | "ahead" | "behind" {
  if (standings.some(({ state }) => state === "ahead")) {
    return "ahead";
  }
  return standings.every(({ row }) => row) ? "head" : "behind";
}
