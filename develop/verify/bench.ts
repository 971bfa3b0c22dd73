import type { Migration, Source } from "../../migrator/source/migration";
import type { Catalog } from "../catalog/catalog";
import { readCatalog } from "../catalog/read";
import { applyMigrations, revertMigrations } from "../scratch/migrate";
import type { Scratch, ScratchDatabase } from "../scratch/scratch";
import { type DataFile, executeData } from "./data-files";
import { type Content, readContent } from "./rows";

export interface BenchOptions {
  readonly ledgerSchema: string;
  readonly data: readonly DataFile[];
  readonly signal: AbortSignal;
}

/** What runs behind the migrations whenever it changed, or at the end of every run. */
const withoutExtras = { repeatables: [], hooks: {} } as const;

/** A scratch database on which migrations go up and down; states are named by the index of the last one applied. */
export class Bench {
  private database: ScratchDatabase | undefined;
  private readonly versioned: Source;

  constructor(
    private readonly scratch: Scratch,
    private readonly source: Source,
    private readonly options: BenchOptions,
  ) {
    // Repeatable objects would stand in the way of every down, as they come back only with the next up. They, and
    // hooks, which may need the newest schema, are examined at the end.
    this.versioned = { ...source, ...withoutExtras };
  }

  get names(): readonly string[] {
    return this.source.migrations.map(({ name }) => name);
  }

  /**
   * Begins with a new database and applies everything up to a migration, rows included.
   *
   * @param last index of the migration; -1 for none.
   */
  async bringTo(last: number): Promise<void> {
    await this.database?.drop();
    this.database = await this.scratch.create("verify");
    const { beforeAll } = this.source.hooks;
    if (beforeAll) {
      // It may make what the migrations need, an extension say, and no down takes that away.
      await this.applyExtras([beforeAll], []);
    }
    const stops = new Set([...this.options.data.map(({ after }) => after), last]);
    for (const stop of [...stops].filter((stop) => stop >= 0 && stop <= last).sort((a, b) => a - b)) {
      await this.up(stop);
      await this.addData(stop);
    }
  }

  /** Applies everything up to a migration. */
  async up(last: number): Promise<void> {
    await applyMigrations(this.current, this.versioned, { ...this.runOptions, target: { to: this.names[last] } });
  }

  /** Reverts what is behind a migration; -1: everything. */
  async down(last: number): Promise<void> {
    const target = last < 0 ? { all: true } : { to: this.names[last] };
    await revertMigrations(this.current, this.versioned, { ...this.runOptions, target });
  }

  /** Executes the rows that belong behind a migration. @returns whether there are any */
  async addData(after: number): Promise<boolean> {
    const files = this.options.data.filter((data) => data.after === after);
    for (const data of files) {
      await this.current.connect((client) => executeData(client, data, this.names[after] ?? ""));
    }
    return files.length > 0;
  }

  /** Applies repeatable objects or hooks behind all migrations, in order. */
  async applyExtras(extras: readonly Migration[], migrations = this.source.migrations): Promise<void> {
    await applyMigrations(this.current, { ...this.versioned, migrations, repeatables: extras }, this.runOptions);
  }

  catalog(): Promise<Catalog> {
    return this.current.use((client) => readCatalog(client, { ...this.ignored, keepPlans: true }));
  }

  content(): Promise<Content> {
    return this.current.use((client) => readContent(client, this.ignored.ignoreSchemas));
  }

  private get current(): ScratchDatabase {
    if (!this.database) {
      throw new Error("the bench has no database yet");
    }
    return this.database;
  }

  private get runOptions() {
    const { ledgerSchema, signal } = this.options;
    return { ledgerSchema, signal };
  }

  private get ignored() {
    return { ignoreSchemas: [this.options.ledgerSchema] };
  }
}
