/** Files that belong together, and what they may import. */
export interface Room {
  /** As docs/code.md names it. */
  readonly name: string;
  /** Files, and folders with a slash at the end. */
  readonly at: readonly string[];
  /** Names of the rooms that it may import from. */
  readonly mayImport: readonly string[];
}

const leaves = ["errors", "excerpt", "redact", "remedies", "sleep", "clock", "target", "version"];

/** What a run needs, from the bottom up. */
const below = {
  lock: ["ground", "connection"],
  events: ["ground", "lock"],
  ledger: ["ground", "source", "connection"],
  plan: ["ground", "source", "ledger"],
  run: ["ground", "settings", "source", "connection", "lock", "events", "ledger", "plan", "embedded"],
};

const aboveRun = [...below.run, "run"].filter((name) => name !== "embedded");

/** Every room of what is shipped. Imports go down: a room names only rooms above it in this list. */
export const rooms: readonly Room[] = [
  { name: "ground", at: leaves.map((name) => `migrator/${name}.ts`), mayImport: [] },
  { name: "settings", at: ["migrator/settings/"], mayImport: ["ground"] },
  { name: "source", at: ["migrator/source/"], mayImport: ["ground", "settings"] },
  { name: "connection", at: ["migrator/connection/"], mayImport: ["ground", "settings", "source"] },
  { name: "lock", at: ["migrator/lock/"], mayImport: below.lock },
  { name: "events", at: ["migrator/events/"], mayImport: below.events },
  { name: "ledger", at: ["migrator/ledger/"], mayImport: below.ledger },
  { name: "plan", at: ["migrator/plan/"], mayImport: below.plan },
  { name: "embedded", at: ["migrator/embedded/"], mayImport: ["ground", "settings", "connection"] },
  { name: "run", at: ["migrator/run/"], mayImport: below.run },
  { name: "library", at: ["migrator/index.ts"], mayImport: aboveRun },
  { name: "migrations", at: ["migrator/migrations/"], mayImport: ["library"] },
  { name: "adopt", at: ["migrator/adopt/"], mayImport: aboveRun },
  { name: "bootstrap", at: ["migrator/bootstrap/"], mayImport: aboveRun },
  { name: "doctor", at: ["migrator/doctor/"], mayImport: aboveRun },
  { name: "develop", at: ["develop/"], mayImport: aboveRun },
  { name: "cli", at: ["migrator/cli/"], mayImport: [...aboveRun, "adopt", "bootstrap", "doctor", "develop"] },
  { name: "app", at: ["app/"], mayImport: ["library"] },
  { name: "infra", at: ["infra/"], mayImport: [] },
  { name: "deploy", at: ["deploy/"], mayImport: ["ground", "events", "infra"] },
  { name: "local", at: ["local/"], mayImport: ["ground", "events", "connection", "embedded"] },
];

/** The room that a file is in. */
export function roomOf(file: string): Room | undefined {
  return rooms.find(({ at }) => at.some((place) => (place.endsWith("/") ? file.startsWith(place) : file === place)));
}
