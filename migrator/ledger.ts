import type { Client } from "pg";
import { exitCodes, SchemagateError } from "./errors";

/** What the ledger calls its own format; raised when its tables change. */
const ledgerFormat = 1;

/** How far a migration without a transaction came. */
export interface Progress {
  readonly direction: "up" | "down";
  /** Statements finished. */
  readonly done: number;
  readonly total: number;
  /** Checksum of the finished statements: a resume needs them unchanged. */
  readonly prefix: string;
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
  readonly action: "up" | "down" | "repeat" | "stamp" | "repair" | "adopt";
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

type Querier = Pick<Client, "query">;

/** SQLSTATEs that say "no such table" and "no such schema". */
const absentStates = new Set(["42P01", "3F000"]);

/**
 * The ledger: what the database says was applied. Two tables in a schema of their own: `migrations` holds the present
 * state, `runs` is the append-only log.
 */
export class Ledger {
  private readonly schema: string;

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

  /** Reads the present state in one query, without a lock and without writing. A ledger that is absent is empty. */
  async read(): Promise<LedgerRow[]> {
    const rows = await this.selectOrEmpty(
      `SELECT m.name, m.checksum, m.sequence, m.applied_at, m.progress, f.format
         FROM ${this.schema}.format f LEFT JOIN ${this.schema}.migrations m ON true ORDER BY m.sequence`,
    );
    const format = rows[0]?.format;
    if (format !== undefined && format !== ledgerFormat) {
      throw this.formatError(format);
    }
    return rows
      .filter((row) => row.name !== null)
      .map((row) => ({
        name: row.name,
        checksum: row.checksum,
        sequence: Number(row.sequence),
        appliedAt: row.applied_at,
        progress: row.progress ?? undefined,
      }));
  }

  /** Makes the tables when they are absent. Only under the lock: two replicas making them at once would fail. */
  async ensure(): Promise<void> {
    const { rows } = await this.client.query("SELECT to_regclass($1) AS found", [`${this.schema}.runs`]);
    // Looked up first because CREATE SCHEMA IF NOT EXISTS wants the CREATE privilege even where the schema exists.
    if (rows[0]?.found) {
      return;
    }
    // One message without parameters is one implicit transaction: all of it or nothing.
    await this.client.query(`
      CREATE SCHEMA IF NOT EXISTS ${this.schema};
      CREATE TABLE ${this.schema}.format (format integer NOT NULL);
      INSERT INTO ${this.schema}.format VALUES (${ledgerFormat});
      CREATE TABLE ${this.schema}.migrations (
        name text PRIMARY KEY,
        checksum text NOT NULL,
        sequence bigint GENERATED ALWAYS AS IDENTITY,
        applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        progress jsonb
      );
      CREATE TABLE ${this.schema}.runs (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        action text NOT NULL,
        name text NOT NULL,
        checksum text NOT NULL,
        outcome text NOT NULL,
        error text,
        duration_ms integer NOT NULL,
        finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        role text NOT NULL DEFAULT current_user,
        replica text NOT NULL,
        image_version text,
        tool_version text NOT NULL
      )`);
  }

  /** Records an applied migration; the row of a partial one is completed. */
  async recordApplied(name: string, checksum: string): Promise<void> {
    await this.client.query(
      `INSERT INTO ${this.schema}.migrations (name, checksum) VALUES ($1, $2)
       ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, applied_at = excluded.applied_at, progress = NULL`,
      [name, checksum],
    );
  }

  /** Records how far a migration without a transaction came. */
  async recordProgress(name: string, checksum: string, progress: Progress): Promise<void> {
    await this.client.query(
      `INSERT INTO ${this.schema}.migrations (name, checksum, progress) VALUES ($1, $2, $3)
       ON CONFLICT (name) DO UPDATE SET checksum = excluded.checksum, progress = excluded.progress`,
      [name, checksum, JSON.stringify(progress)],
    );
  }

  /** Forgets a reverted migration. */
  async recordReverted(name: string): Promise<void> {
    await this.client.query(`DELETE FROM ${this.schema}.migrations WHERE name = $1`, [name]);
  }

  /** Appends to the log of runs. */
  async appendRun(run: Run, actor: Actor): Promise<void> {
    await this.client.query(
      `INSERT INTO ${this.schema}.runs (action, name, checksum, outcome, error, duration_ms, replica, image_version, tool_version)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        run.action,
        run.name,
        run.checksum,
        run.outcome,
        run.error ?? null,
        Math.round(run.durationMs),
        actor.replica,
        actor.imageVersion ?? null,
        actor.toolVersion,
      ],
    );
  }

  /** Reads the log of runs, oldest first. */
  async readRuns(): Promise<RunRecord[]> {
    const rows = await this.selectOrEmpty(`SELECT * FROM ${this.schema}.runs ORDER BY id`);
    return rows.map((row) => ({
      id: Number(row.id),
      action: row.action,
      name: row.name,
      checksum: row.checksum,
      outcome: row.outcome,
      error: row.error ?? undefined,
      durationMs: row.duration_ms,
      finishedAt: row.finished_at,
      role: row.role,
      replica: row.replica,
      imageVersion: row.image_version ?? undefined,
      toolVersion: row.tool_version,
    }));
  }

  private async selectOrEmpty(sql: string) {
    try {
      return (await this.client.query(sql)).rows;
    } catch (error) {
      if (absentStates.has((error as { code?: string }).code ?? "")) {
        return [];
      }
      throw error;
    }
  }

  private formatError(format: number): SchemagateError {
    return new SchemagateError({
      code: "ledger-format",
      message: `the ledger in schema ${this.schemaName} has format ${format}, this version reads ${ledgerFormat}`,
      hint: "Use the version of schemagate that wrote it, or a newer one.",
      exitCode: exitCodes.refused,
    });
  }
}

/** Quotes an SQL identifier. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
