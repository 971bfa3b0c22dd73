import type { Catalog } from "../catalog/catalog";
import { readCatalog } from "../catalog/read";
import type { ScratchDatabase } from "../scratch/scratch";
import { readState, type SchemaState } from "./engine";
import { type Named, readNamed } from "./name-changes";
import { type Physical, readPhysical } from "./physical";

/** A schema in every view that generating needs. */
export interface Schema {
  /** For the proof. */
  readonly catalog: Catalog;
  /** For the diff. */
  readonly state: SchemaState;
  readonly named: readonly Named[];
  readonly physical: Physical;
}

/** Reads the schema of a scratch database. */
export function readSchema(database: ScratchDatabase): Promise<Schema> {
  return database.use(async (client) => ({
    catalog: await readCatalog(client, { ignoreSchemas: [], keepPlans: true }),
    state: await readState(client),
    named: await readNamed(client),
    physical: await readPhysical(client),
  }));
}
