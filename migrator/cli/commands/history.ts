import { exitCodes, usageError } from "../../errors";
import { duration, type Style, table, timestamp } from "../../events/words";
import { Ledger, type LedgerRow, type Progress, type RunRecord } from "../../ledger/ledger";
import { describePlace, isHook, placeOf } from "../../plan/partial";
import { withDatabase } from "../../run/session";
import { verboseOption } from "../../settings/command-options";
import { readOptions } from "../../settings/read-options";
import { databaseOptions } from "../../settings/shared-options";
import type { Command } from "./command";

const options = { ...databaseOptions, verbose: verboseOption };

export const history: Command = {
  name: "history",
  about: "show what was applied and reverted, oldest first",
  examples: ["schemagate history", "schemagate history --verbose", "schemagate history 20260105..20260120"],
  arguments: [{ syntax: "[range]", about: "a..b, a.. or ..b: migrations from a to b by number or name" }],
  options,
  run: async (given, context) => {
    const settings = readOptions(options, given, context.env);
    const { all, unfinished } = await withDatabase(settings, context, async ({ client }) => {
      const ledger = new Ledger(client, settings.ledgerSchema);
      return { all: await ledger.readRuns(), unfinished: await ledger.readUnfinished() };
    });
    const isInRange = parseRange(context.args[0]);
    const runs = all.filter((run) => isInRange(run.name) && (settings.verbose || run.outcome !== "failed"));
    const rows = unfinished.filter(({ name }) => isInRange(name) && !isHook(name));
    const partial = rows.map((row) => ({ name: row.name, ...placeOf(row) }));
    context.output.result({ event: "history", runs, partial }, (style) => {
      const told = settings.verbose ? describeVerbosely(runs, style) : describe(runs, style);
      const words = [...(runs.length > 0 ? [told] : []), ...rows.map((row) => describePartial(row, style))];
      return words.length > 0 ? words.join(settings.verbose ? "\n\n" : "\n") : "nothing was run yet";
    });
    return exitCodes.ok;
  },
};

/** @returns whether a name lies in `a..b`; a bound may be the beginning of a name. */
function parseRange(range: string | undefined): (name: string) => boolean {
  if (range === undefined) {
    return () => true;
  }
  const [from, to, ...rest] = range.split("..");
  if (to === undefined || rest.length > 0) {
    throw usageError({
      code: "bad-range",
      message: `the range "${range}" cannot be read`,
      hint: "Write a..b, a.. or ..b.",
    });
  }
  return (name) => (!from || name >= from) && (!to || name <= to || name.startsWith(to));
}

function describe(runs: readonly RunRecord[], style: Style): string {
  const rows = runs.map((run) => [timestamp(run.finishedAt), run.outcome, run.name]);
  return table(rows, (cell, _row, column) => (column === 1 ? paintOutcome(cell, style) : cell));
}

/** A run that was killed left no record of its own; how far it came stands with the migration. */
function describePartial({ name, progress }: LedgerRow, style: Style): string {
  const { direction } = progress as Progress;
  return `${style.yellow("partial")}: the ${direction} of ${name} is ${describePlace(progress as Progress)}`;
}

function describeVerbosely(runs: readonly RunRecord[], style: Style): string {
  const block = (run: RunRecord) => [
    `${run.name}  ${paintOutcome(run.outcome, style)}`,
    `  when      ${timestamp(run.finishedAt)} UTC, took ${duration(run.durationMs)}`,
    `  who       ${run.role} from ${run.replica}`,
    `  version   schemagate ${run.toolVersion}${run.imageVersion ? `, image ${run.imageVersion}` : ""}`,
    `  checksum  ${run.checksum}`,
    ...(run.error ? [`  error     ${run.error}`] : []),
  ];
  return runs.map((run) => block(run).join("\n")).join("\n\n");
}

function paintOutcome(cell: string, style: Style): string {
  const outcome = cell.trim();
  if (outcome === "failed") {
    return style.red(cell);
  }
  return outcome === "applied" || outcome === "recorded" ? style.green(cell) : style.yellow(cell);
}
