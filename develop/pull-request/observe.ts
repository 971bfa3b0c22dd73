import type { Client } from "pg";
import { interceptQueries, sqlOf } from "../../migrator/run/intercept";
import { ModuleCode } from "../../migrator/run/module-code";
import type { Migration, ModuleMigration, SqlMigration } from "../../migrator/source/migration";
import { runsAlone } from "../../migrator/source/online";
import { lineOf, type Statement, splitStatements } from "../../migrator/source/statements";
import type { ScratchDatabase } from "../scratch/scratch";
import { gained, strongestByTable } from "./locks";
import { observeAlone } from "./observe-alone";
import type { Observed, PlannedStatement, SeenLock, SeenRewrite } from "./planned";
import { findRewrites, type Relations, readLocks, readRelations } from "./relations";

/** What a migration was seen to do. */
export interface ObservedMigration {
  readonly transaction: boolean;
  readonly statements: readonly PlannedStatement[];
  readonly whole: Observed;
}

/** What SET does. A look behind it would be a query, and SET TRANSACTION comes before any. */
const nothing: Observed = { locks: [], rewrites: [] };

/** SQLSTATEs of "cannot run inside a transaction block". */
const needsNoTransaction = new Set(["25001", "2D000"]);

/**
 * Runs a migration on a scratch database that nobody needs afterwards, and watches the locks it takes and the files it
 * replaces.
 *
 * @throws the server's error when a statement fails.
 */
export function observe(
  database: ScratchDatabase,
  migration: Migration,
  ledgerSchema: string,
): Promise<ObservedMigration> {
  return database.connect(async (client) => {
    const observer = new Observer(client, database, ledgerSchema, await readRelations(client, ledgerSchema));
    return migration.kind === "sql" ? observeSql(observer, migration) : observeModule(observer, migration);
  });
}

/** Watches one session. */
class Observer {
  private held: readonly SeenLock[] = [];
  private readonly locks: SeenLock[] = [];
  private readonly rewrites: SeenRewrite[] = [];
  private current: Relations;

  constructor(
    readonly client: Client,
    readonly database: ScratchDatabase,
    readonly ledgerSchema: string,
    readonly before: Relations,
  ) {
    this.current = before;
  }

  get whole(): Observed {
    return { locks: strongestByTable(this.locks), rewrites: this.rewrites };
  }

  /** What has come about since the last look. Inside a transaction locks are still held. */
  async look(): Promise<Observed> {
    return this.note(await readLocks(this.client, this.before));
  }

  /** Notes locks that were seen by somebody else. */
  async note(locks: readonly SeenLock[]): Promise<Observed> {
    const now = await readRelations(this.client, this.ledgerSchema);
    const seen = { locks: gained(this.held, locks), rewrites: findRewrites(this.known(), now) };
    this.held = locks;
    this.current = now;
    this.locks.push(...seen.locks);
    this.rewrites.push(...seen.rewrites);
    return seen;
  }

  /** A new transaction holds nothing yet. */
  release(): void {
    this.held = [];
  }

  /** What was there before the migration, as it stands now. */
  private known(): Relations {
    return new Map([...this.current].filter(([oid]) => this.before.has(oid)));
  }
}

async function observeSql(observer: Observer, migration: SqlMigration): Promise<ObservedMigration> {
  const { up } = migration;
  const { client } = observer;
  const statements: PlannedStatement[] = [];
  const all = await splitStatements(migration, up);
  const controlled = all.some(({ controlsTransaction }) => controlsTransaction);
  if (up.transaction) {
    await client.query("BEGIN");
  }
  for (const statement of all) {
    const seen =
      up.transaction || controlled
        ? await observeStatement(observer, statement)
        : await observeFree(observer, statement);
    statements.push({ sql: statement.sql, line: lineOf(up, statement.offset), ...seen });
  }
  if (up.transaction) {
    await client.query("COMMIT");
  }
  return { transaction: up.transaction, statements, whole: observer.whole };
}

async function observeStatement(observer: Observer, { sql, setsSession }: Statement): Promise<Observed> {
  await observer.client.query(sql);
  if (setsSession) {
    return nothing;
  }
  const seen = await observer.look();
  // It replaces the file as well, by an empty one.
  return /^truncate\b/i.test(sql) ? { ...seen, rewrites: [] } : seen;
}

/** A statement of its own: in a transaction where PostgreSQL allows it, or else watched from another session. */
async function observeFree(observer: Observer, statement: Statement): Promise<Observed> {
  const { client } = observer;
  observer.release();
  if (!runsAlone(statement.online)) {
    await client.query("BEGIN");
    try {
      const seen = await observeStatement(observer, statement);
      await client.query("COMMIT");
      return seen;
    } catch (error) {
      await client.query("ROLLBACK");
      if (!needsNoTransaction.has((error as { code?: string }).code ?? "")) {
        throw error;
      }
    }
  }
  return observer.note(await observeAlone(observer, statement.sql));
}

/** Of code the locks are looked at behind each query, as it may end its transaction; they are told for the whole. */
async function observeModule(observer: Observer, migration: ModuleMigration): Promise<ObservedMigration> {
  const { client } = observer;
  const code = new ModuleCode(client, new AbortController().signal, () => undefined);
  try {
    const { transaction = true, up, batches } = await code.load(migration);
    if (transaction) {
      await client.query("BEGIN");
    }
    await code.run(migration.name, async (own) => {
      const watched = watch(observer, own);
      const keys = await batches?.next(watched, undefined);
      if (keys?.length) {
        await batches?.apply(watched, keys);
      }
      await up?.({ client: watched, log: () => undefined });
    });
    if (transaction) {
      await client.query("COMMIT");
    }
    return { transaction: transaction && !batches, statements: [], whole: observer.whole };
  } finally {
    code.close();
  }
}

/** The same client, with a look at the locks behind each query. */
function watch(observer: Observer, client: Client): Client {
  return interceptQueries(client, async (given, send) => {
    const result = await send();
    if (!/^\s*set\b/i.test(sqlOf(given))) {
      await observer.look();
    }
    return result;
  });
}
