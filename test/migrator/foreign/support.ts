import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createTestDatabase } from "../../support/database";
import { type RoundTrip, type TravellingSet, travel } from "../../support/round-trip";

/** Path of a set in this folder. */
export function setDirectory(name: string): string {
  return join(__dirname, "sets", name);
}

/** Sends a set up, down and up again in a database of its own. */
export async function travelAlone(set: TravellingSet): Promise<RoundTrip> {
  const database = await createTestDatabase();
  try {
    return await travel(set, database);
  } finally {
    await database.drop();
  }
}

/** What a round trip comes to when all is applied, and every down takes back what its up did. */
export function nothingLeft({ dir }: TravellingSet): Omit<RoundTrip, "facts"> {
  const names = [...new Set(readdirSync(dir).map((file) => file.replace(/(\.up|\.down)?\.sql$/, "")))].sort();
  const all = (state: string) => names.map((name) => `${name} ${state}`);
  return {
    status: { up: all("applied"), down: all("pending"), upAgain: all("applied") },
    idle: { steps: [], changes: [] },
    leftByDown: [],
    changedByUpAgain: [],
    leftByStep: Object.fromEntries(names.map((name) => [name, []])),
  };
}
