import type { Client } from "pg";
import type { Catalog } from "../../../develop/catalog/catalog";
import { compareCatalogs } from "../../../develop/catalog/compare";
import { describeDifferences } from "../../../develop/catalog/describe";
import { readCatalog } from "../../../develop/catalog/read";
import { testBinaries } from "../../support/database";

/** What a change is to show, in words: exactly these lines. */
export interface Change {
  readonly sql: string;
  readonly lines: readonly string[];
  /** The first version of PostgreSQL that has it. @default 14 */
  readonly since?: number;
}

/** Whether the server of this run has what came with a version. */
export function serverHas(major = 14): boolean {
  return testBinaries().major >= major;
}

export function read(client: Client): Promise<Catalog> {
  return readCatalog(client, { ignoreSchemas: [] });
}

/** Reads as {@link read} does, for one that reads again and again: the server keeps the plans. */
export function readAgain(client: Client): Promise<Catalog> {
  return readCatalog(client, { ignoreSchemas: [], keepPlans: true });
}

/** What a change of the client's transaction shows; the transaction is left without it. */
export async function linesOfChange(client: Client, before: Catalog, sql: string): Promise<string[]> {
  await client.query("SAVEPOINT change");
  await client.query(sql);
  const differences = compareCatalogs(before, await readAgain(client));
  await client.query("ROLLBACK TO SAVEPOINT change");
  return describeDifferences(differences, { expected: "the models", actual: "the database" });
}
