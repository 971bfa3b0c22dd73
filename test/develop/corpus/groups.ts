import type { CorpusCase } from "./case";

/** Areas by the file that runs all of their cases, about equally many, so that several workers share the corpus. */
const areas = {
  columns: ["column"],
  tables: ["table", "partition", "index", "sequence", "schema"],
  constraints: ["key", "unique", "check", "exclusion", "fk", "name", "grant", "privilege"],
  code: ["view", "matview", "function", "trigger", "rule", "policy"],
  renames: ["rename", "combined"],
} as const satisfies Record<string, readonly string[]>;

/** `others` has the rest. */
export type Group = keyof typeof areas | "others";

/** The group of an area. */
export function groupOf(area: string): Group {
  const found = Object.entries(areas).find(([, listed]) => (listed as readonly string[]).includes(area));
  return (found?.[0] as Group | undefined) ?? "others";
}

/** Of how many cases of an area the sample has one. */
const sampled = 30;

/** What `npm test` takes of the corpus: the first case of each area, and each thirtieth after it. */
export function sampleOf(cases: readonly CorpusCase[]): CorpusCase[] {
  const seen = new Map<string, number>();
  return cases.filter(({ area }) => {
    const before = seen.get(area) ?? 0;
    seen.set(area, before + 1);
    return before % sampled === 0;
  });
}
