import { exitCodes } from "../../errors";
import { count, type Style, table, timestamp } from "../../events/words";
import { Ledger } from "../../ledger/ledger";
import { isUpToDate } from "../../plan/up-to-date";
import { withDatabase } from "../../run/session";
import { checkOption } from "../../settings/command-options";
import { readOptions } from "../../settings/read-options";
import { databaseOptions, policyOptions, sourceOptions } from "../../settings/shared-options";
import { compareNames } from "../../source/migration";
import { readSealSummary, type SealSummary } from "../../source/seal-summary";
import type { Command } from "./command";
import type { ComparisonSettings, Standings, StatusEntry } from "./prepare-comparison";

const options = { ...sourceOptions, ...databaseOptions, ...policyOptions, check: checkOption };

export const status: Command = {
  name: "status",
  about: "show how each migration stands; takes no lock and writes nothing",
  examples: ["schemagate status", "schemagate status --check"],
  options,
  run: async (given, context) => {
    const settings = readOptions(options, given, context.env);
    const seal = readSealSummary(settings.dir);
    // The source is read first: a bad one needs no database.
    const compareWith = seal ? undefined : await prepareComparison(settings);
    const found = await withDatabase(settings, context, async ({ client }) => {
      const ledger = new Ledger(client, settings.ledgerSchema);
      return seal && (await isUpToDate(ledger, seal))
        ? allApplied(await ledger.readApplied(), seal)
        : (compareWith ?? (await prepareComparison(settings)))(await ledger.read());
    });
    const { open, entries, problems, warnings } = found;
    const counts = { pending: countPending(entries), partial: countPartial(entries) };
    const facts = { event: "status", open, ...counts, migrations: entries, problems, warnings };
    context.output.result(facts, (style) => describe(found, style));
    return settings.check && !open ? exitCodes.notCurrent : exitCodes.ok;
  },
};

async function prepareComparison(settings: ComparisonSettings) {
  const comparison = await import("./prepare-comparison");
  return comparison.prepareComparison(settings);
}

/** Of a sealed set that is applied as a whole, the ledger knows all there is to show. */
function allApplied(rows: readonly { name: string; appliedAt: Date }[], { repeatables }: SealSummary): Standings {
  const entries = rows.map(({ name, appliedAt }): StatusEntry => ({ name, state: "applied", appliedAt }));
  const versioned = entries.filter(({ name }) => !name.includes("/")).sort((a, b) => compareNames(a.name, b.name));
  const times = new Map(rows.map(({ name, appliedAt }) => [name, appliedAt]));
  const behind = Object.keys(repeatables).map(
    (name): StatusEntry => ({ name, state: "applied", appliedAt: times.get(name) }),
  );
  return { open: true, entries: [...versioned, ...behind], problems: [], warnings: [] };
}

function countPending(entries: readonly StatusEntry[]): number {
  return entries.filter(({ state }) => state === "pending" || state === "out-of-order").length;
}

function countPartial(entries: readonly StatusEntry[]): number {
  return entries.filter(({ partial }) => partial).length;
}

function describe({ open, entries, problems, warnings }: Standings, style: Style) {
  const rows = entries.map(({ name, state, appliedAt }) => [name, state, appliedAt ? timestamp(appliedAt) : ""]);
  return [
    table([["migration", "state", "applied (UTC)"], ...rows], (cell, row, column) =>
      row === 0 ? style.dim(cell) : column === 1 ? paintState(cell, style) : cell,
    ),
    ...[...problems, ...warnings].map(({ message, hint }) => style.yellow(`${message}. ${hint ?? ""}`.trimEnd())),
    ...summarize(entries, open),
  ].join("\n");
}

/** What the remarks above say is left to do is not "nothing". */
function summarize(entries: readonly StatusEntry[], open: boolean): string[] {
  const [pending, partial] = [countPending(entries), countPartial(entries)];
  const counts = [
    ...(pending > 0 ? [`${count(pending, "migration")} pending`] : []),
    ...(partial > 0 ? [`${count(partial, "migration")} partial`] : []),
  ];
  return counts.length > 0 ? [counts.join(", ")] : open ? ["nothing pending"] : [];
}

function paintState(cell: string, style: Style): string {
  const state = cell.trim();
  if (state === "applied") {
    return style.green(cell);
  }
  return state === "pending" || state === "ahead" ? style.yellow(cell) : style.red(cell);
}
