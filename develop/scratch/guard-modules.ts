import { refusal } from "../../migrator/errors";
import { interceptQueries, sqlOf } from "../../migrator/run/intercept";
import type {
  Batches,
  Migration,
  MigrationClient,
  MigrationContext,
  MigrationFunction,
  ModuleMigration,
  Source,
} from "../../migrator/source/migration";
import { findClusterWide } from "./cluster-wide";
import { suspiciousWords } from "./cluster-wide-statement";

/**
 * Makes migrations in code refuse, before it is sent, what would change the whole server: nobody knows their SQL before
 * they run.
 */
export function guardModules(source: Source): Source {
  const guard = <M extends Migration | undefined>(migration: M) =>
    migration?.kind === "module" ? guardModule(migration) : migration;
  const { beforeAll, afterAll } = source.hooks;
  return {
    ...source,
    migrations: source.migrations.map((migration) => guard(migration) ?? migration),
    repeatables: source.repeatables.map((migration) => guard(migration) ?? migration),
    hooks: { beforeAll: guard(beforeAll), afterAll: guard(afterAll) },
  };
}

function guardModule(migration: ModuleMigration): ModuleMigration {
  const guardFunction = (run: MigrationFunction | undefined): MigrationFunction | undefined =>
    run && ((context: MigrationContext) => run({ ...context, client: guardClient(context.client, migration.file) }));
  return {
    ...migration,
    load: async () => {
      const { up, down, batches, ...options } = await migration.load();
      return {
        ...options,
        up: guardFunction(up),
        down: guardFunction(down),
        batches: batches && guardBatches(batches, migration.file),
      };
    },
  };
}

function guardBatches(batches: Batches, file: string): Batches {
  const { next, apply, total } = batches;
  return {
    ...batches,
    next: (client, last) => next(guardClient(client, file), last),
    apply: (client, keys) => apply(guardClient(client, file), keys),
    total: total && ((client) => total(guardClient(client, file))),
  };
}

/** The same client, with a `query` that looks at its SQL first. */
function guardClient(client: MigrationClient, file: string): MigrationClient {
  return interceptQueries(client, (given, send) => {
    const sql = sqlOf(given);
    // What is not suspicious is sent as it is: a query with a callback or a stream answers at once.
    return suspiciousWords.test(sql) ? assertHarmless(sql, file).then(send) : send();
  });
}

async function assertHarmless(sql: string, file: string): Promise<void> {
  const problems = (await findClusterWide([{ sql, file, firstLine: 1 }])).map((problem) => ({
    ...problem,
    // A line of the query says nothing about the file.
    message: problem.message.replace(`${file}:1: `, `${file}: `),
  }));
  if (problems.length > 0) {
    throw refusal(problems);
  }
}
