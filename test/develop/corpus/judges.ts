import { type Delta, diff, type FactBase } from "@supabase/pg-delta/core";
import { extract } from "@supabase/pg-delta/extract";
import type { Client } from "pg";
import type { Catalog } from "../../../develop/catalog/catalog";
import { compareCatalogs } from "../../../develop/catalog/compare";
import { describeDifferences } from "../../../develop/catalog/describe";
import { readCatalog } from "../../../develop/catalog/read";
import { asPool } from "../../../develop/generate/engine";

/** A schema in the eyes of two judges that know nothing of each other: this project's reader, and pg-delta's. */
export interface Judged {
  readonly catalog: Catalog;
  readonly facts: FactBase;
}

/** Reads the schema of a database for both judges. */
export async function readJudged(client: Client): Promise<Judged> {
  const catalog = await readCatalog(client, { ignoreSchemas: [], keepPlans: true });
  const { factBase } = await extract(asPool(client));
  return { catalog, facts: factBase };
}

/** What tells one schema from the other, in the judges' words; nothing when both judges hold them equal. */
export function disagreements(expected: Judged, actual: Judged): string[] {
  const words = { expected: "expected", actual: "database" };
  const ours = describeDifferences(compareCatalogs(expected.catalog, actual.catalog), words);
  const theirs = diff(expected.facts, actual.facts).filter((delta) => !isOfServer(subjectOf(delta)));
  return [...ours.map((line) => `catalog: ${line}`), ...theirs.map((delta) => `pg-delta: ${describeDelta(delta)}`)];
}

/** What a delta is about. */
function subjectOf(delta: Delta): { kind: string } {
  if (delta.verb === "set") {
    return delta.id;
  }
  return delta.verb === "add" || delta.verb === "remove" ? delta.fact.id : delta.edge.from;
}

/** Enough for a reader to find the object, and what is said of it. */
const describedLength = 300;

function describeDelta(delta: Delta): string {
  const plain = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);
  return JSON.stringify(delta, plain).slice(0, describedLength);
}

/** Roles belong to the server, which other tests change meanwhile. */
function isOfServer({ kind }: { kind: string }): boolean {
  return kind === "role" || kind === "membership";
}
