import { literals, quoteIdentifier } from "../connection/quote";
import { millisecondsSql } from "../connection/value-settings";
import type { BatchKey } from "../source/migration";
import { assertAllRows, type LedgerTable, suspiciousSql } from "./hidden-rows";
import { formatError, notMadeError, type Querier, selectOrEmpty } from "./shape";
import { createLedgerSql, ledgerFormat } from "./tables";

/** How far a migration came that is not one transaction. */
export interface Progress {
  readonly direction: "up" | "down";
  /** Statements finished, or rows of batches. */
  readonly done: number;
  /** Statements or rows in all; absent while nobody counted. */
  readonly total?: number;
  /** Checksums of the finished statements: a resume needs them unchanged. */
  readonly finished?: readonly string[];
  /** A statement was begun that PostgreSQL runs only outside a transaction; after a crash nobody knows how it ended. */
  readonly inDoubt?: boolean;
  /** Oids of the indexes that were invalid before the migration began: any other one is what it left behind. */
  readonly invalidBefore?: readonly number[];
  /** Oids of a table's indexes before the statement in doubt, which makes one whose name nobody knows. */
  readonly indexesBefore?: readonly number[];
  /** Key of the last row of the last finished batch. */
  readonly last?: BatchKey;
}

/** A migration as the database knows it. */
export interface LedgerRow {
  readonly name: string;
  readonly checksum: string;
  /** Order of application. */
  readonly sequence: number;
  readonly appliedAt: Date;
  /** Set while a migration without a transaction is under way, or when it stopped midway. */
  readonly progress?: Progress;
}

/** Who ran something, for the log of runs. */
export interface Actor {
  /** Replica or host name. */
  readonly replica: string;
  /** Version of the image, when it carries one. */
  readonly imageVersion?: string;
  /** Version of the migrator. */
  readonly toolVersion: string;
}

/** One row of the append-only log. */
export interface Run {
  readonly action: "up" | "down" | "repeat" | "hook" | "stamp" | "repair" | "adopt";
  readonly name: string;
  readonly checksum: string;
  /** `recorded` and `forgotten`: the ledger was told so, nothing ran. */
  readonly outcome: "applied" | "reverted" | "recorded" | "forgotten" | "failed";
  readonly durationMs: number;
  readonly error?: string;
}

/** A row of the log as `history` shows it. */
export interface RunRecord extends Run, Actor {
  readonly id: number;
  readonly finishedAt: Date;
  readonly role: string;
}

/** The present state in a few values, however many migrations there are. */
export interface LedgerSummary {
  readonly format: number;
  /** Sum of the hashes of `name checksum` over the versioned migrations (postgres-hash.ts), in decimal digits. */
  readonly applied: string;
  /** Rows of migrations that were begun and not finished. */
  readonly unfinished: string;
  /** Checksums of repeatable objects and hooks, by name. */
  readonly others: Readonly<Record<string, string>> | null;
}

/**
 * The ledger: what the database says was applied. Two tables in a schema of their own: `migrations` holds the present
 * state, `runs` is the append-only log.
 */
export class Ledger {
  private readonly schema: string;
  private answeredBy?: number;

  /**
   * @param client connection to use.
   * @param schemaName schema of the tables, quoted here.
   */
  constructor(
    private readonly client: Querier,
    private readonly schemaName: string,
  ) {
    this.schema = quoteIdentifier(schemaName);
  }

  /** The server process that answered last; undefined where none did, or where there is no ledger. */
  get servedBy(): number | undefined {
    return this.answeredBy;
  }

  /** Reads the present state in one query, without a lock and without writing. A ledger that is absent is empty. */
  read(): Promise<LedgerRow[]> {
    return this.readRows("true");
  }

  /** Reads what was begun and is not finished, as `read` does. */
  readUnfinished(): Promise<LedgerRow[]> {
    return this.readRows("t.progress IS NOT NULL");
  }

  private async readRows(condition: string): Promise<LedgerRow[]> {
    const columns = ["name", "checksum", "sequence", "applied_at", "progress"];
    const rows = await this.select("migrations", columns, condition, "sequence");
    return rows.map((row) => ({
      name: row.name,
      checksum: row.checksum,
      sequence: Number(row.sequence),
      appliedAt: new Date(row.applied_at),
      progress: row.progress ?? undefined,
    }));
  }

  /**
   * Reads rows of one of the tables, and with them the ledger's format and whether these are all of its rows.
   *
   * @throws refused (exit 4) where the tables are not those of this version's ledger.
   */
  private async select(table: LedgerTable, columns: readonly string[], condition: string, order: string) {
    // The format as one value: joined as a table that nobody analyzed, it makes the planner expect millions of rows, and
    // compile the query, which takes a tenth of a second.
    const rows = await selectOrEmpty(
      this.client,
      this.schemaName,
      `SELECT ${columns.map((column) => selectSql(column)).join(", ")}, f.format, f.pid, f.suspicious
         FROM (SELECT (SELECT format FROM ${this.schema}.format LIMIT 1) AS format, pg_backend_pid() AS pid,
                      ${suspiciousSql(this.schema, ["format", table])} AS suspicious) AS f
         LEFT JOIN ${this.schema}.${table} t ON ${condition} ORDER BY t.${order}`,
    );
    const { format, pid, suspicious } = rows[0] ?? {};
    this.answeredBy = pid;
    if (suspicious) {
      await assertAllRows(this.client, this.schemaName, ["format", table]);
    }
    if (format !== undefined && format !== ledgerFormat) {
      throw formatError(this.schemaName, format);
    }
    return rows.filter((row) => row.name !== null);
  }

  /**
   * Summarizes the present state in one query, without a lock and without writing.
   *
   * @returns undefined where there is no such state, for whatever reason: `read` says which.
   */
  async summarize(): Promise<LedgerSummary | undefined> {
    try {
      const { rows } = await this.client.query(
        `SELECT (SELECT format FROM ${this.schema}.format) AS format, pg_backend_pid() AS pid,
                sum(hashtextextended(name || ' ' || checksum, 0)) FILTER (WHERE strpos(name, '/') = 0) AS applied,
                count(progress) AS unfinished,
                json_object_agg(name, checksum) FILTER (WHERE strpos(name, '/') > 0) AS others
           FROM ${this.schema}.migrations`,
      );
      this.answeredBy = rows[0]?.pid;
      return rows[0]?.format === ledgerFormat ? rows[0] : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * Reads what is applied and when, in order of application: for who knows the rest of it. As one text, which takes a
   * quarter of the time of ten thousand rows.
   */
  async readApplied(): Promise<{ name: string; appliedAt: Date }[]> {
    const { rows } = await this.client.query(
      `SELECT string_agg(${millisecondsSql("applied_at")} || ' ' || name, E'\\n' ORDER BY sequence) AS lines
         FROM ${this.schema}.migrations`,
    );
    const lines: string[] = rows[0].lines?.split("\n") ?? [];
    return lines.map((line) => {
      const space = line.indexOf(" ");
      return { name: line.slice(space + 1), appliedAt: new Date(Number(line.slice(0, space))) };
    });
  }

  /**
   * A condition in SQL, for a ledger that is there: whether it knows a migration as finished, where one is named, and does
   * not owe a hook. It costs two look-ups by key however many rows there are.
   */
  finishedSql(last: Pick<LedgerRow, "name" | "checksum"> | undefined, hook: string): string {
    const row = (name: string) => `SELECT FROM ${this.schema}.migrations WHERE name = ${literals(name)}`;
    const isFinished = last
      ? `EXISTS (${row(last.name)} AND checksum = ${literals(last.checksum)} AND progress IS NULL)`
      : "true";
    return `${isFinished} AND NOT EXISTS (${row(hook)})`;
  }

  /** A condition in SQL: whether the tables are there. */
  get existsSql(): string {
    return `to_regclass(${literals(`${this.schema}.migrations`)}) IS NOT NULL`;
  }

  /** Makes the tables when they are absent. Only under the lock: two replicas making them at once would fail. */
  async ensure(): Promise<void> {
    const { rows } = await this.client.query(
      'SELECT to_regclass($1) AS runs, to_regnamespace($2) IS NOT NULL AS "hasSchema"',
      [`${this.schema}.runs`, this.schema],
    );
    const [{ runs, hasSchema }] = rows;
    if (!runs) {
      // One message without parameters is one implicit transaction: all of it or nothing.
      await this.client.query(createLedgerSql(this.schemaName, { withSchema: !hasSchema })).catch((error) => {
        throw notMadeError(this.schemaName, error);
      });
    }
  }

  /** The statement that records an applied migration; the row of a partial one is completed. */
  appliedSql(name: string, checksum: string): string {
    return `INSERT INTO ${this.schema}.migrations (name, checksum) VALUES (${literals(name, checksum)})
       ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, applied_at = excluded.applied_at, progress = NULL`;
  }

  /** Records an applied migration. */
  async recordApplied(name: string, checksum: string): Promise<void> {
    await this.client.query(this.appliedSql(name, checksum));
  }

  /** Records a migration that another tool applied, at the time which that tool kept; without one, now. */
  async recordAdopted(name: string, checksum: string, appliedAt?: Date): Promise<void> {
    await this.client.query(
      `INSERT INTO ${this.schema}.migrations (name, checksum, applied_at) VALUES ($1, $2, COALESCE($3, clock_timestamp()))`,
      [name, checksum, appliedAt ?? null],
    );
  }

  /** The statement that records how far a migration came. */
  progressSql(name: string, checksum: string, progress: Progress): string {
    return `INSERT INTO ${this.schema}.migrations (name, checksum, progress) VALUES (${literals(name, checksum, JSON.stringify(progress))})
       ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, progress = excluded.progress`;
  }

  /** Records how far a migration without a transaction came. */
  async recordProgress(name: string, checksum: string, progress: Progress): Promise<void> {
    await this.client.query(this.progressSql(name, checksum, progress));
  }

  /** The statement that forgets a reverted migration. */
  revertedSql(name: string): string {
    return `DELETE FROM ${this.schema}.migrations WHERE name = ${literals(name)}`;
  }

  /** Forgets a reverted migration. */
  async recordReverted(name: string): Promise<void> {
    await this.client.query(this.revertedSql(name));
  }

  /** Takes a migration's new checksum for the applied one. */
  async acceptChecksum(name: string, checksum: string): Promise<void> {
    await this.client.query(`UPDATE ${this.schema}.migrations SET checksum = $2 WHERE name = $1`, [name, checksum]);
  }

  /** The statement that appends to the log of runs. */
  runSql({ action, name, checksum, outcome, error, durationMs }: Run, actor: Actor): string {
    const { replica, imageVersion, toolVersion } = actor;
    const values = literals(
      action,
      name,
      checksum,
      outcome,
      error,
      Math.round(durationMs),
      replica,
      imageVersion,
      toolVersion,
    );
    return `INSERT INTO ${this.schema}.runs (action, name, checksum, outcome, error, duration_ms, replica, image_version, tool_version)
       VALUES (${values})`;
  }

  /** Appends to the log of runs. */
  async appendRun(run: Run, actor: Actor): Promise<void> {
    await this.client.query(this.runSql(run, actor));
  }

  /** Reads the log of runs, oldest first, as `read` does. */
  async readRuns(): Promise<RunRecord[]> {
    const columns = [
      "id",
      "action",
      "name",
      "checksum",
      "outcome",
      "error",
      "duration_ms",
      "finished_at",
      "role",
      "replica",
    ];
    const rows = await this.select("runs", [...columns, "image_version", "tool_version"], "true", "id");
    return rows.map((row) => ({
      id: Number(row.id),
      action: row.action,
      name: row.name,
      checksum: row.checksum,
      outcome: row.outcome,
      error: row.error ?? undefined,
      durationMs: row.duration_ms,
      finishedAt: new Date(row.finished_at),
      role: row.role,
      replica: row.replica,
      imageVersion: row.image_version ?? undefined,
      toolVersion: row.tool_version,
    }));
  }
}

/** A column of the tables; a time in milliseconds. */
function selectSql(column: string): string {
  return column.endsWith("_at") ? `${millisecondsSql(`t.${column}`)} AS ${column}` : `t.${column}`;
}
