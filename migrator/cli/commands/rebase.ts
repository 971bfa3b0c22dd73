import { readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { exitCodes, refusal, usageError } from "../../errors";
import { Ledger, type LedgerRow } from "../../ledger/ledger";
import { compare, type Standing } from "../../plan/compare";
import { withDatabase } from "../../run/session";
import { databaseOptions, readOptions, sourceOptions } from "../../settings";
import { nameOfFile } from "../../source/assemble";
import { loadSource } from "../../source/load";
import { type Source, versionOf } from "../../source/migration";
import { resolveName } from "../../source/names";
import type { Command } from "./command";

const options = { ...sourceOptions, ...databaseOptions };

/** A migration under its old and its new name. */
interface Rebased {
  readonly from: string;
  readonly to: string;
  /** New paths of its files. */
  readonly files: readonly string[];
}

export const rebase: Command = {
  name: "rebase",
  about: "give pending migrations that are out of order a newer timestamp, after a merge of branches",
  examples: ["schemagate rebase", "schemagate rebase create_invoices"],
  arguments: [{ syntax: "[name]", about: "one pending migration (default: all that are out of order)" }],
  options,
  run: async (given, context) => {
    const settings = readOptions(options, given, context.env);
    const source = await loadSource(settings.dir);
    refuseSealed(source);
    const rows = await withDatabase(settings, context, ({ client }) =>
      new Ledger(client, settings.ledgerSchema).read(),
    );
    const standings = compare(source, rows);
    const chosen = choose(standings, context.args[0]);
    const rebased = await renameAll(source.dir, newNames(chosen, source, rows, new Date()));
    const overtaken = findOvertaken(standings, chosen);
    context.output.result({ event: "rebased", migrations: rebased, overtaken }, (style) =>
      [describe(rebased), ...overtaken.map((name) => style.yellow(describeOvertaken(name)))].join("\n"),
    );
    return exitCodes.ok;
  },
};

function refuseSealed(source: Source): void {
  if (source.sealed) {
    throw usageError({
      code: "sealed",
      message: `the migrations in ${source.dir} are sealed: their names are part of the image`,
      hint: "Rebase them in the working copy, with --dir, and build the image again.",
    });
  }
}

/** @returns names to rebase, in their order. */
function choose(standings: readonly Standing[], text: string | undefined): string[] {
  if (text === undefined) {
    return standings.filter(({ state }) => state === "out-of-order").map(({ name }) => name);
  }
  const name = resolveName(
    text,
    standings.map((standing) => standing.name),
  );
  if (standings.find((standing) => standing.name === name)?.row) {
    throw refusal({
      code: "rebase-applied",
      message: `migration ${name} is in the ledger: under a new name it would run a second time`,
      hint: "Only pending migrations can be rebased.",
    });
  }
  return [name];
}

/** Names of now, or behind the newest there is, so that they come last and keep their order. */
function newNames(
  chosen: readonly string[],
  source: Source,
  rows: readonly LedgerRow[],
  now: Date,
): { from: string; to: string }[] {
  const versions = [...source.migrations, ...rows].map(({ name }) => versionOf(name));
  const newest = versions.reduce((max, version) => (version > max ? version : max), 0n);
  const nowVersion = BigInt(now.toISOString().replace(/\D/g, "").slice(0, 14));
  const first = nowVersion > newest ? nowVersion : newest + 1n;
  return chosen.map((from, index) => ({ from, to: from.replace(/^\d+/, String(first + BigInt(index))) }));
}

async function renameAll(dir: string, names: readonly { from: string; to: string }[]): Promise<Rebased[]> {
  const entries = await readdir(dir);
  const rebased: Rebased[] = [];
  for (const { from, to } of names) {
    const files = entries.filter((entry) => nameOfFile(entry) === from);
    for (const file of files) {
      await rename(join(dir, file), join(dir, to + file.slice(from.length)));
    }
    rebased.push({ from, to, files: files.map((file) => join(dir, to + file.slice(from.length))) });
  }
  return rebased;
}

/** Pending migrations that were to run behind a chosen one, and now run before it. */
function findOvertaken(standings: readonly Standing[], chosen: readonly string[]): string[] {
  const first = standings.findIndex(({ name }) => name === chosen[0]);
  return standings
    .slice(first + 1)
    .filter(({ name, row }) => chosen.length > 0 && !row && !chosen.includes(name))
    .map(({ name }) => name);
}

function describe(rebased: readonly Rebased[]): string {
  return rebased.length === 0
    ? "nothing is out of order"
    : rebased.map(({ from, to }) => `${from} -> ${to}`).join("\n");
}

function describeOvertaken(name: string): string {
  return `${name} is pending too and now runs before them. If it needs them: \`schemagate rebase ${name}\`.`;
}
