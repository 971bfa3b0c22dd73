import { join } from "node:path";
import { compareCatalogs } from "../../develop/catalog/compare";
import { describeDifferences } from "../../develop/catalog/describe";
import { readCatalog } from "../../develop/catalog/read";
import { applyModels } from "../../develop/models/apply";
import { loadModels } from "../../develop/models/models";
import { modelSettings } from "../../migrator/settings/models-options";
import { readProjectFile } from "../../migrator/settings/project-file";
import { createTestDatabase, withClient } from "../support/database";
import { cleanEnvironment, root } from "../support/migrator";
import { createMigratedDatabase } from "./support/database";

describe("the sample's models", () => {
  it("are what its migrations make, down to the names of constraints", async () => {
    const project = await readProjectFile(join(root, "app"));
    const { paths, ...options } = modelSettings(
      { models: undefined, casing: undefined, modelsEnv: undefined },
      project,
      process.cwd(),
    );
    const models = await loadModels(paths, {
      ...options,
      signal: new AbortController().signal,
      env: cleanEnvironment(),
    });
    const [empty, migrated] = await Promise.all([createTestDatabase(), createMigratedDatabase()]);
    const read = (url: string) => withClient(url, (client) => readCatalog(client, { ignoreSchemas: ["schemagate"] }));
    await withClient(empty.url, (client) => applyModels(client, models));
    const differences = compareCatalogs(await read(empty.url), await read(migrated.url));
    expect(describeDifferences(differences, { expected: "models", actual: "migrations" })).toEqual([]);
    await Promise.all([empty.drop(), migrated.drop()]);
  });
});
