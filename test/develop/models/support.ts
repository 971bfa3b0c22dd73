import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Client } from "pg";
import { applyModels } from "../../../develop/models/apply";
import type { LoadOptions } from "../../../develop/models/model-adapter";
import { loadModels } from "../../../develop/models/models";
import type { SchemagateError } from "../../../migrator/errors";
import { createTestDatabase, type TestDatabase, withClient } from "../../support/database";
import { cleanEnvironment, makeDirectory, root } from "../../support/migrator";

/** Writes a project: files by path, and this one's packages. */
export function writeProject(files: Readonly<Record<string, string>>): string {
  const dir = makeDirectory();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  symlinkSync(join(root, "node_modules"), join(dir, "node_modules"));
  return dir;
}

/** Loads models in this environment, which names no database. */
export function load(paths: readonly string[], options: Partial<LoadOptions> = {}) {
  return loadModels(paths, { signal: new AbortController().signal, env: cleanEnvironment(), ...options });
}

/** The error that something ends with. */
export async function errorOf(promise: Promise<unknown>): Promise<SchemagateError> {
  try {
    await promise;
  } catch (error) {
    return error as SchemagateError;
  }
  throw new Error("it did not fail");
}

/** A database of a test file's own, in which models are applied. */
export class ModelDatabase {
  private databases: TestDatabase[] = [];

  /** Loads models, applies them to a new database and asks it something. */
  async apply(
    paths: readonly string[],
    options: Partial<LoadOptions> = {},
    ask: (client: Client) => Promise<unknown> = async () => undefined,
  ): Promise<unknown> {
    const models = await load(paths, options);
    const database = await createTestDatabase();
    this.databases.push(database);
    return withClient(database.url, async (client) => {
      await applyModels(client, models);
      return ask(client);
    });
  }

  async drop(): Promise<void> {
    for (const database of this.databases.splice(0)) {
      await database.drop();
    }
  }
}

/** The first column of a query's rows. */
export function column(sql: string) {
  return async (client: Client): Promise<unknown[]> =>
    (await client.query({ text: sql, rowMode: "array" })).rows.flat();
}
