import { compare, compareRepeatables, type Standing } from "../compare";
import { exitCodes } from "../errors";
import { Ledger } from "../ledger";
import { isGateOpen, planUp } from "../plan";
import { count, type Style, table, timestamp } from "../report";
import { checkOption, databaseOptions, policyOptions, readOptions, sourceOptions } from "../settings";
import { loadSource } from "../source/load";
import type { Command } from "./command";
import { withDatabase } from "./database";

const options = { ...sourceOptions, ...databaseOptions, ...policyOptions, check: checkOption };

export const status: Command = {
  name: "status",
  about: "show how each migration stands; takes no lock and writes nothing",
  examples: ["schemagate status", "schemagate status --check"],
  options,
  run: async (given, context) => {
    const settings = readOptions(options, given, context.env);
    const source = await loadSource(settings.dir);
    const rows = await withDatabase(settings, context, ({ client }) =>
      new Ledger(client, settings.ledgerSchema).read(),
    );
    const standings = [...compare(source, rows), ...compareRepeatables(source, rows)];
    const { problems, warnings } = planUp(source, rows, settings);
    const open = isGateOpen(source, rows, settings);
    const facts = {
      event: "status",
      open,
      pending: standings.filter(({ state }) => state === "pending" || state === "out-of-order").length,
      migrations: standings.map(({ name, state, row }) => ({ name, state, appliedAt: row?.appliedAt })),
      problems,
      warnings,
    };
    context.output.result(facts, (style) => describe(standings, [...problems, ...warnings], style));
    return settings.check && !open ? exitCodes.notCurrent : exitCodes.ok;
  },
};

function describe(
  standings: readonly Standing[],
  remarks: readonly { message: string; hint?: string }[],
  style: Style,
) {
  const rows = standings.map(({ name, state, row }) => [name, state, row ? timestamp(row.appliedAt) : ""]);
  const pending = standings.filter(({ state }) => state === "pending" || state === "out-of-order").length;
  return [
    table([["migration", "state", "applied (UTC)"], ...rows], (cell, row, column) =>
      row === 0 ? style.dim(cell) : column === 1 ? paintState(cell, style) : cell,
    ),
    ...remarks.map(({ message, hint }) => style.yellow(`${message}. ${hint ?? ""}`.trimEnd())),
    pending > 0 ? `${count(pending, "migration")} pending` : "nothing pending",
  ].join("\n");
}

function paintState(cell: string, style: Style): string {
  const state = cell.trim();
  if (state === "applied") {
    return style.green(cell);
  }
  return state === "pending" || state === "ahead" ? style.yellow(cell) : style.red(cell);
}
