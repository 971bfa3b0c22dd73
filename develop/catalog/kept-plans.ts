import type { Client, QueryResult } from "pg";

type Querier = Pick<Client, "query">;

/** Growth of what is read after which plans that were made for less are no longer good ones. */
const mostGrowth = 2;

/** Plans of queries that a session keeps: making them takes longer than running them, as long as there is little to read. */
export class KeptPlans {
  private readonly names = new Map<string, string>();
  /** How many rows there were when they were made. */
  private rows: number | undefined;

  /** @param client has a session of its own for as long as it is open. */
  constructor(private readonly client: Querier) {}

  /** Runs queries as {@link queryAll} does. */
  async run(queries: readonly string[]): Promise<unknown[][]> {
    const unknown = queries.filter((sql) => !this.names.has(sql));
    if (unknown.length > 0) {
      await this.prepare(unknown);
    }
    const results = await queryAll(
      this.client,
      queries.map((sql) => `EXECUTE ${this.names.get(sql)}`),
    );
    await this.forgetWhenOutgrown(results.reduce((sum, rows) => sum + rows.length, 0));
    return results;
  }

  private async prepare(queries: readonly string[]): Promise<void> {
    for (const sql of queries) {
      this.names.set(sql, `schemagate_catalog_${this.names.size}`);
    }
    await this.client.query(queries.map((sql) => `PREPARE ${this.names.get(sql)} AS ${sql}`).join(";\n"));
  }

  private async forgetWhenOutgrown(rows: number): Promise<void> {
    this.rows ??= rows;
    if (rows > this.rows * mostGrowth) {
      await this.client.query("DISCARD PLANS");
      this.rows = rows;
    }
  }
}

/** Runs many queries in one round trip. */
export async function queryAll(client: Querier, queries: readonly string[]): Promise<unknown[][]> {
  // For several statements the driver returns several results, which its types do not tell.
  const results = (await client.query(queries.join(";\n"))) as unknown as QueryResult[];
  return results.map(({ rows }) => rows);
}
