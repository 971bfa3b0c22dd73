import { exitCodes } from "../errors";
import { Ledger, type RunRecord } from "../ledger";
import { duration, table, timestamp } from "../report";
import { databaseOptions, readOptions, verboseOption } from "../settings";
import type { Command } from "./command";
import { withDatabase } from "./database";

const options = { ...databaseOptions, verbose: verboseOption };

export const history: Command = {
  name: "history",
  about: "show what was applied and reverted, oldest first",
  examples: ["schemagate history", "schemagate history --verbose"],
  options,
  run: async (given, context) => {
    const settings = readOptions(options, given, context.env);
    const all = await withDatabase(settings, context, ({ client }) =>
      new Ledger(client, settings.ledgerSchema).readRuns(),
    );
    const runs = settings.verbose ? all : all.filter((run) => run.outcome !== "failed");
    context.output.result({ event: "history", runs }, () =>
      runs.length === 0 ? "nothing was run yet" : settings.verbose ? describeVerbosely(runs) : describe(runs),
    );
    return exitCodes.ok;
  },
};

function describe(runs: readonly RunRecord[]): string {
  return table(runs.map((run) => [timestamp(run.finishedAt), run.outcome, run.name]));
}

function describeVerbosely(runs: readonly RunRecord[]): string {
  const block = (run: RunRecord) => [
    `${run.name}  ${run.outcome}`,
    `  when      ${timestamp(run.finishedAt)} UTC, took ${duration(run.durationMs)}`,
    `  who       ${run.role} from ${run.replica}`,
    `  version   schemagate ${run.toolVersion}${run.imageVersion ? `, image ${run.imageVersion}` : ""}`,
    `  checksum  ${run.checksum}`,
    ...(run.error ? [`  error     ${run.error}`] : []),
  ];
  return runs.map((run) => block(run).join("\n")).join("\n\n");
}
