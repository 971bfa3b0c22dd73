import { type ProcessContext, withDatabase } from "../../migrator/run/session";
import { loadSource } from "../../migrator/source/load";
import type { Source } from "../../migrator/source/migration";
import { type Catalog, catalogKey } from "../catalog/catalog";
import { compareCatalogs, type Difference } from "../catalog/compare";
import { readCatalog } from "../catalog/read";
import { refuseClusterWide, sqlTexts } from "../scratch/cluster-wide";
import { applyMigrations } from "../scratch/migrate";
import { type ScratchOptions, withScratch } from "../scratch/scratch";
import { readLive } from "./live";
import { recordedSources } from "./recorded";
import { withoutMigrators } from "./roles";

export interface RunDriftOptions extends ScratchOptions {
  /** Directory of the migrations. */
  readonly dir: string;
  readonly ledgerSchema: string;
  /** Schemas that are not compared. @default none */
  readonly ignoreSchema?: readonly string[];
}

/** How a database differs from what its ledger says was applied to it. */
export interface Drift {
  /** Expected: what the migrations make. Actual: the database. */
  readonly differences: readonly Difference[];
  /** Names of the migrations it was compared with, in the order they were applied. */
  readonly migrations: readonly string[];
}

/**
 * Compares a database with what the migrations in its ledger make on a scratch database. The database itself is only
 * read.
 *
 * @throws usage (exit 2), cannot connect (exit 7); refused (exit 4) when this source cannot say what was applied; the
 * migrator's error when what was applied cannot be applied to an empty database.
 */
export async function runDrift(options: RunDriftOptions, context: ProcessContext): Promise<Drift> {
  const { ledgerSchema } = options;
  const source = await loadSource(options.dir);
  const ignoreSchemas = [ledgerSchema, ...(options.ignoreSchema ?? [])];
  const live = await withDatabase(
    options,
    context,
    ({ client }) => readLive(client, ledgerSchema, ignoreSchemas),
    // It only reads.
    () => true,
  );
  const recorded = recordedSources(source, live.rows);
  await refuseClusterWide(recorded.slice(-1).flatMap(sqlTexts), options, context.env);
  const made = await makeRecorded(recorded, { ...options, ground: live.ground }, context, ignoreSchemas);
  const differences = compareCatalogs(
    withoutMigrators(made.catalog, [made.role]),
    withoutMigrators(live.catalog, live.migrators),
  ).filter((difference) => !isOfTemplate(difference, made.catalog, live.catalog));
  return { differences, migrations: recorded.at(-1)?.migrations.map(({ name }) => name) ?? [] };
}

/** Up to PostgreSQL 14 the schema public is the bootstrap superuser's, who may be the scratch role and did not migrate. */
function isOfTemplate(difference: Difference, made: Catalog, live: Catalog): boolean {
  const key = catalogKey(difference);
  const [first, ...others] = difference.facts;
  const isOwnerOnly = first?.name === "owner" && others.length === 0;
  return key === "schema public" && isOwnerOnly && made.get(key)?.facts.owner === live.get(key)?.facts.owner;
}

function makeRecorded(
  recorded: readonly Source[],
  options: RunDriftOptions,
  context: ProcessContext,
  ignoreSchemas: readonly string[],
): Promise<{ catalog: Catalog; role: string }> {
  return withScratch(options, context, async (scratch) => {
    const database = await scratch.create("drift");
    for (const source of recorded) {
      await applyMigrations(database, source, { ledgerSchema: options.ledgerSchema, signal: context.signal });
    }
    return database.connect(async (client) => {
      const { rows } = await client.query("SELECT current_user AS role");
      return { catalog: await readCatalog(client, { ignoreSchemas }), role: rows[0].role };
    });
  });
}
