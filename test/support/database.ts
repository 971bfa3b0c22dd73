import { randomBytes } from "node:crypto";
import { Client } from "pg";

/** A database of one test's own. */
export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** Runs one statement in it. */
  readonly query: (sql: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
  /** Drops it, connections and all. */
  readonly drop: () => Promise<void>;
}

/** URL of the server that global setup started. */
export function serverUrl(): string {
  const url = process.env.SCHEMAGATE_TEST_SERVER;
  if (!url) {
    throw new Error("there is no test server: run the tests with Jest, whose global setup starts it");
  }
  return url;
}

/** Makes an empty database. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  await queryAt(serverUrl(), `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  return {
    url: url.href,
    name,
    query: (sql, values) => queryAt(url.href, sql, values),
    drop: async () => {
      await queryAt(serverUrl(), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** Opens a connection for as long as `body` runs. */
export async function withClient<T>(url: string, body: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await body(client);
  } finally {
    await client.end();
  }
}

function queryAt(url: string, sql: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
  return withClient(url, async (client) => (await client.query(sql, values)).rows);
}
