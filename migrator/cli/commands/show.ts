import { exitCodes, type Problem } from "../../errors";
import { duration, type Style, timestamp } from "../../events/words";
import { Ledger, type LedgerRow, type RunRecord } from "../../ledger/ledger";
import { compare, compareRepeatables, type Standing } from "../../plan/compare";
import { describePlace } from "../../plan/partial";
import { planUp } from "../../plan/plan";
import { withDatabase } from "../../run/session";
import { databaseOptions, policyOptions, readOptions, sourceOptions } from "../../settings";
import { loadSource } from "../../source/load";
import type { Migration, Source, SqlSection } from "../../source/migration";
import { resolveName } from "../../source/names";
import type { Command } from "./command";

const options = { ...sourceOptions, ...databaseOptions, ...policyOptions };

export const show: Command = {
  name: "show",
  about: "show one migration: its state, its runs and its SQL",
  examples: ["schemagate show 20260131120000", "schemagate show create_orders --json"],
  arguments: [{ syntax: "<name>", about: "the migration: its name, or a beginning that only it has" }],
  options,
  run: async (given, context) => {
    const settings = readOptions(options, given, context.env);
    const source = await loadSource(settings.dir);
    const { rows, runs } = await withDatabase(settings, context, async ({ client }) => {
      const ledger = new Ledger(client, settings.ledgerSchema);
      return { rows: await ledger.read(), runs: await ledger.readRuns() };
    });
    const standings = listStandings(source, rows);
    const name = resolveName(
      context.args[0] ?? "",
      standings.map((standing) => standing.name),
    );
    const standing = standings.find((candidate) => candidate.name === name) as Standing;
    const shown: Shown = {
      ...standing,
      runs: runs.filter((run) => run.name === name),
      problems: problemsOf(name, planUp(source, rows, settings).problems),
    };
    context.output.result(toFacts(shown), (style) => describe(shown, style));
    return exitCodes.ok;
  },
};

interface Shown extends Standing {
  readonly runs: readonly RunRecord[];
  readonly problems: readonly Problem[];
}

/** Everything that source and ledger know by name: what is only in the ledger as well. */
function listStandings(source: Source, rows: readonly LedgerRow[]): Standing[] {
  const standings = [...compare(source, rows), ...compareRepeatables(source, rows)];
  const known = new Set(standings.map(({ name }) => name));
  const others = rows.filter(({ name }) => !known.has(name));
  return [...standings, ...others.map((row): Standing => ({ name: row.name, row, state: "applied" }))];
}

/** What `up` would say about it. */
function problemsOf(name: string, problems: readonly Problem[]): Problem[] {
  // Names hold letters, digits, "_" and "-": the name of one migration may be the beginning of another's.
  const asWhole = new RegExp(`(?<![\\w-])${name.replace(/[^\w]/g, "\\$&")}(?![\\w-])`);
  return problems.filter(({ message }) => asWhole.test(message));
}

function toFacts({ name, state, migration, row, runs, problems }: Shown): Record<string, unknown> {
  const sql = migration?.kind === "sql" ? migration : undefined;
  return {
    event: "migration",
    name,
    state,
    kind: migration?.kind ?? null,
    file: migration?.file ?? null,
    checksum: migration?.checksum ?? row?.checksum,
    ledger: row ?? null,
    up: sql?.up ?? null,
    down: sql?.down ?? null,
    runs,
    problems,
  };
}

function describe({ name, state, migration, row, runs, problems }: Shown, style: Style): string {
  const facts: [string, string | undefined][] = [
    ["state", state],
    ["file", migration ? migration.file : "none here: only the ledger knows it"],
    ["kind", migration && describeKind(migration)],
    ["checksum", migration?.checksum ?? row?.checksum],
    ["in ledger", migration && row && row.checksum !== migration.checksum ? row.checksum : undefined],
    ["progress", row?.progress && `its ${row.progress.direction} is ${describePlace(row.progress)}`],
    ["applied", row && !row.progress ? `${timestamp(row.appliedAt)} UTC` : undefined],
  ];
  const lines = facts
    .filter(([, value]) => value !== undefined)
    .map(([label, value]) => `  ${label.padEnd(9)}  ${value}`);
  return [
    [style.bold(name), ...lines, ...describeRuns(runs)].join("\n"),
    ...problems.map(({ message, hint }) => style.yellow(`${message}. ${hint ?? ""}`.trimEnd())),
    ...describeSql(migration),
  ].join("\n\n");
}

function describeKind(migration: Migration): string {
  return migration.kind === "sql" ? "SQL" : "module: its code is in the file";
}

function describeRuns(runs: readonly RunRecord[]): string[] {
  return runs.map((run, index) => {
    const version = run.imageVersion ? `, image ${run.imageVersion}` : "";
    const error = run.error ? `: ${run.error.split("\n")[0]}` : "";
    const what = `${run.outcome} by ${run.role} from ${run.replica}${version}, took ${duration(run.durationMs)}${error}`;
    return `  ${(index === 0 ? "runs" : "").padEnd(9)}  ${timestamp(run.finishedAt)} ${what}`;
  });
}

function describeSql(migration: Migration | undefined): string[] {
  if (migration?.kind !== "sql") {
    return [];
  }
  const section = (direction: "up" | "down", found: SqlSection | undefined) =>
    found ? [`-- migrate:${direction}${describeOptions(found)}\n${found.sql.trim()}`] : [];
  return [...section("up", migration.up), ...section("down", migration.down)];
}

function describeOptions({ transaction, lockTimeoutMs, statementTimeoutMs }: SqlSection): string {
  return [
    transaction ? "" : " transaction:false",
    lockTimeoutMs === undefined ? "" : ` lock_timeout:${lockTimeoutMs}ms`,
    statementTimeoutMs === undefined ? "" : ` statement_timeout:${statementTimeoutMs}ms`,
  ].join("");
}
