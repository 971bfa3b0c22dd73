import { type Adoption, type AdoptOptions, planAdoption, writeAdoption } from "../../adopt/adopt";
import { describeAdoption, describeEnd, toFacts } from "../../adopt/describe";
import { tools } from "../../adopt/tools";
import { exitCodes, refusal, usageError } from "../../errors";
import { count } from "../../events/words";
import { type Session, withDatabase } from "../../run/session";
import { adoptOptions, databaseOptions, readOptions, runOptions, sourceOptions } from "../../settings";
import { loadSource } from "../../source/load";
import type { Source } from "../../source/migration";
import { resolveName } from "../../source/names";
import { type Intention, isAgreed } from "./agree";
import type { Command, CommandContext } from "./command";

const options = { ...sourceOptions, ...databaseOptions, ...runOptions, ...adoptOptions };

type Settings = ReturnType<typeof readOptions<typeof options>>;

export const adopt: Command = {
  name: "adopt",
  about: "take over a database from another tool: record what it applied, leave its table alone",
  examples: [
    "schemagate adopt --from dbmate",
    "schemagate adopt --from knex --table legacy.knex_migrations --dry-run",
    "schemagate adopt --from alembic --versions alembic/versions --yes",
    "schemagate adopt --from drizzle --to 20260131120000_create_orders",
  ],
  options,
  run: async (given, context) => {
    const settings = readOptions(options, given, context.env);
    const source = await loadSource(settings.dir);
    const adoption = toAdoptOptions(settings, source);
    await withDatabase(settings, context, (session) => showAndWrite(session, source, adoption, settings, context));
    return exitCodes.ok;
  },
};

function toAdoptOptions({ from, to, table, versions, journal, ledgerSchema }: Settings, source: Source): AdoptOptions {
  const tool = tools[from ?? ""];
  if (from === undefined || !tool) {
    throw usageError({
      code: "no-tool",
      message: "--from is missing: nobody can tell whose table it is",
      hint: `Name the tool: --from ${Object.keys(tools).join("|")}.`,
    });
  }
  const names = source.migrations.map(({ name }) => name);
  const target = to === undefined ? undefined : resolveName(to, names);
  return { from, tool, table, to: target, versions, journal, ledgerSchema };
}

async function showAndWrite(
  { client, actor }: Session,
  source: Source,
  options: AdoptOptions,
  { dryRun, yes, lockWait, ledgerSchema }: Settings,
  context: CommandContext,
): Promise<void> {
  const { output, signal } = context;
  const planned = await planAdoption(client, source, options);
  output.result({ event: "adopt-mapping", from: options.from, dryRun, ...toFacts(planned) }, (style) =>
    describeAdoption(planned, options.from, style),
  );
  if (planned.problems.length > 0) {
    throw refusal(planned.problems);
  }
  if (dryRun) {
    return;
  }
  if (planned.toRecord.length === 0) {
    return report(planned, output);
  }
  if (!(await isAgreed(toIntention(planned), yes, context))) {
    return output.result({ event: "adopted", migrations: [] }, () => "nothing was written");
  }
  const run = { ledgerSchema, lockWaitMs: lockWait * 1_000, signal, actor, report: output.event };
  report(await writeAdoption(client, source, options, planned, run), output);
}

function toIntention({ toRecord, table }: Adoption): Intention {
  const migrations = count(toRecord.length, "migration");
  return {
    would: `${migrations} would be recorded as applied`,
    shown: "mapping",
    question: `Record ${migrations} as applied? ${table} stays as it is.`,
  };
}

function report(adoption: Adoption, output: CommandContext["output"]): void {
  const { toRecord, pending } = adoption;
  const migrations = toRecord.map(({ migration }) => migration.name);
  const facts = { event: "adopted", migrations, pending: pending.map(({ name }) => name) };
  output.result(facts, () => describeEnd(migrations.length, adoption, pending.length));
}
