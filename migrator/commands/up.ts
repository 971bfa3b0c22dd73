import { type ExitCode, exitCodes, refusal, usageError } from "../errors";
import { Ledger } from "../ledger";
import { resolveName } from "../names";
import { writeOfflineScript } from "../offline";
import { planUp } from "../plan";
import { prepareSteps } from "../prepare";
import { count } from "../report";
import { migrateUp } from "../runner";
import {
  databaseOptions,
  dryRunOption,
  fromOption,
  limitOptions,
  type OptionValues,
  policyOptions,
  readOptions,
  runOptions,
  sourceOptions,
  sqlOption,
  targetOptions,
} from "../settings";
import { loadSource } from "../source/load";
import type { Command, CommandContext } from "./command";
import { withDatabase } from "./database";
import { resolveTarget, runWith } from "./run-with";

const options = {
  ...sourceOptions,
  ...databaseOptions,
  ...runOptions,
  ...limitOptions,
  ...policyOptions,
  ...targetOptions,
  dryRun: dryRunOption,
  sql: sqlOption,
  from: fromOption,
};

type Settings = OptionValues<typeof options>;

export const up: Command = {
  name: "up",
  about: "apply all pending migrations (the default command)",
  examples: [
    "schemagate up",
    "schemagate up --database-url postgres://app@localhost/orders",
    "schemagate up --steps 1",
    "schemagate up --dry-run",
    "schemagate up --sql > upgrade.sql",
  ],
  options,
  run: async (given, context) => {
    const settings = readOptions(options, given, context.env);
    requireOneTarget(settings);
    if (settings.sql) {
      return printScript(settings, context);
    }
    if (settings.dryRun) {
      return showPlan(settings, context);
    }
    await runWith("up", migrateUp, settings, context);
    return exitCodes.ok;
  },
};

function requireOneTarget({ to, steps, sql, from }: Settings): void {
  if (to !== undefined && steps !== undefined) {
    throw usageError({
      code: "two-targets",
      message: `--to (${to}) and --steps (${steps}) both say how far to go`,
      hint: "Give one of them.",
    });
  }
  if (sql ? steps !== undefined : from !== undefined) {
    throw usageError({
      code: "sql-range",
      message: sql ? "--sql has no --steps: without a database nobody knows what is pending" : "--from needs --sql",
      hint: "A script's range is given with --from NAME and --to NAME.",
    });
  }
}

async function printScript({ dir, ledgerSchema, ...given }: Settings, { output }: CommandContext): Promise<ExitCode> {
  const source = await loadSource(dir);
  const names = source.migrations.map(({ name }) => name);
  const complete = (name: string | undefined) => name && resolveName(name, names);
  output.text(await writeOfflineScript(source, ledgerSchema, complete(given.from), complete(given.to)));
  return exitCodes.ok;
}

async function showPlan(settings: Settings, context: CommandContext): Promise<ExitCode> {
  const source = await loadSource(settings.dir);
  const rows = await withDatabase(settings, context, ({ client }) => new Ledger(client, settings.ledgerSchema).read());
  const { steps, problems } = planUp(source, rows, settings, resolveTarget(settings, source));
  if (problems.length > 0) {
    throw refusal(problems);
  }
  await prepareSteps(steps);
  const names = steps.map(({ migration }) => migration.name);
  context.output.result({ event: "plan", steps: names }, (style) =>
    [
      ...names.map((name) => `${style.dim("would apply")} ${name}`),
      `${count(names.length, "step")}, nothing was done`,
    ].join("\n"),
  );
  return exitCodes.ok;
}
