import { namesDatabase } from "../../migrator/connection/config";
import { refusal } from "../../migrator/errors";
import { Ledger } from "../../migrator/ledger/ledger";
import { compare, compareRepeatables } from "../../migrator/plan/compare";
import { planUp } from "../../migrator/plan/plan";
import { type ProcessContext, withDatabase } from "../../migrator/run/session";
import { loadSource } from "../../migrator/source/load";
import type { Migration, Source } from "../../migrator/source/migration";
import { changedSince } from "../lint/changed";
import { lintMigrations } from "../lint/lint";
import { refuseClusterWide, sqlTexts } from "../scratch/cluster-wide";
import { guardModules } from "../scratch/guard-modules";
import { applyMigrations } from "../scratch/migrate";
import { type Scratch, type ScratchDatabase, type ScratchOptions, withScratch } from "../scratch/scratch";
import type { VerifiedMigration } from "../verify/finding";
import { verifyMigrations } from "../verify/verify";
import { type ObservedMigration, observe } from "./observe";
import type { PullRequestPlan } from "./planned";
import { readSizes } from "./sizes";

export interface PullRequestOptions extends ScratchOptions {
  readonly dir: string;
  readonly ledgerSchema: string;
  /** Plans what is new or changed since this git ref. @default what is pending in the database */
  readonly base?: string;
}

/** Names of what a release brings. */
interface Brought {
  readonly migrations: readonly string[];
  readonly repeatables: readonly string[];
}

/**
 * Finds out what a release's migrations will do to the database: each is proven, checked, and run on a scratch database
 * that has those before it applied, where the locks it takes and the tables it writes anew are seen. The target is only
 * read: its ledger, and the sizes of the tables concerned.
 *
 * @throws usage (exit 2), refused (exit 4), cannot connect (exit 7), or the migrator's error when a migration cannot be
 * applied.
 */
export async function planPullRequest(options: PullRequestOptions, context: ProcessContext): Promise<PullRequestPlan> {
  const source = await loadSource(options.dir);
  if (source.problems.length > 0) {
    throw refusal(source.problems);
  }
  const brought = await findBrought(source, options, context);
  if (brought.migrations.length === 0) {
    return { migrations: [], repeatables: brought.repeatables, sizes: {} };
  }
  await refuseClusterWide(sqlTexts(source), options, context.env);
  const { proofs, observed } = await withScratch(options, context, async (scratch) => ({
    proofs: await prove(scratch, source, brought, options, context),
    observed: await observeAll(scratch, source, brought, options, context),
  }));
  const findings = await lintMigrations(source, brought.migrations, context.signal);
  const migrations = brought.migrations.flatMap((name) => {
    const migration = source.migrations.find((one) => one.name === name);
    const seen = observed.get(name);
    return migration && seen
      ? [
          {
            ...{ name, file: migration.file, kind: migration.kind, ...seen },
            findings: findings.filter((finding) => finding.migration === name),
            proof: proofs.find((proof) => proof.name === name),
          },
        ]
      : [];
  });
  const tables = migrations.flatMap(({ whole }) => [...whole.locks, ...whole.rewrites].map(({ table }) => table));
  return { migrations, repeatables: brought.repeatables, sizes: await sizesOf(tables, options, context) };
}

async function findBrought(source: Source, options: PullRequestOptions, context: ProcessContext): Promise<Brought> {
  if (options.base !== undefined) {
    const changed = new Set(await changedSince(options.base, source));
    const chosen = (all: readonly Migration[]) => all.map(({ name }) => name).filter((name) => changed.has(name));
    return { migrations: chosen(source.migrations), repeatables: chosen(source.repeatables) };
  }
  const rows = await withDatabase(options, context, ({ client }) => new Ledger(client, options.ledgerSchema).read());
  // Branches meet after the plan was made; what `up` refuses beyond that, it would refuse at once.
  const { problems } = planUp(source, rows, { ahead: "pass", outOfOrder: "allow" });
  if (problems.length > 0) {
    throw refusal(problems);
  }
  const pending = new Set(["pending", "out-of-order", "partial"]);
  const names = (standings: readonly { name: string; state: string }[]) =>
    standings.filter(({ state }) => pending.has(state)).map(({ name }) => name);
  return { migrations: names(compare(source, rows)), repeatables: names(compareRepeatables(source, rows)) };
}

async function prove(
  scratch: Scratch,
  source: Source,
  { migrations }: Brought,
  { ledgerSchema }: PullRequestOptions,
  { signal }: ProcessContext,
): Promise<readonly VerifiedMigration[]> {
  const from = source.migrations.findIndex(({ name }) => migrations.includes(name));
  const options = { ledgerSchema, from, data: [], signal, onMigration: () => undefined };
  return (await verifyMigrations(scratch, source, options)).migrations;
}

/** Runs them one by one, each in a copy of the database that those before it lead to. */
async function observeAll(
  scratch: Scratch,
  source: Source,
  { migrations }: Brought,
  { ledgerSchema }: PullRequestOptions,
  { signal }: ProcessContext,
): Promise<Map<string, ObservedMigration>> {
  const observed = new Map<string, ObservedMigration>();
  const base = await scratch.create("plan");
  const apply = (set: Partial<Source>) =>
    applyMigrations(base, { ...source, repeatables: [], hooks: {}, ...set }, { ledgerSchema, signal });
  const { beforeAll } = source.hooks;
  // It may make what the migrations need, an extension say.
  await apply({ migrations: [], repeatables: beforeAll ? [beforeAll] : [] });
  const applied = source.migrations.filter(({ name }) => !migrations.includes(name));
  await apply({ migrations: applied });
  const brought = guardedFor(base, source).migrations.filter(({ name }) => migrations.includes(name));
  for (const [index, migration] of brought.entries()) {
    signal.throwIfAborted();
    const copy = await scratch.copy(base, "locks");
    observed.set(migration.name, await observe(copy, migration, ledgerSchema));
    await copy.drop();
    const done = new Set([...applied, ...brought.slice(0, index + 1)].map(({ name }) => name));
    if (index < brought.length - 1) {
      await apply({ migrations: source.migrations.filter(({ name }) => done.has(name)) });
    }
  }
  return observed;
}

function guardedFor({ ownServer }: ScratchDatabase, source: Source): Source {
  return ownServer ? source : guardModules(source);
}

/** Where a database is named, its sizes say how much the locks and rewrites will weigh. */
function sizesOf(tables: readonly string[], options: PullRequestOptions, context: ProcessContext) {
  const isNamed = namesDatabase({ databaseUrl: options.databaseUrl, env: context.env });
  return isNamed && tables.length > 0
    ? withDatabase(options, context, ({ client }) => readSizes(client, tables))
    : Promise.resolve({});
}
