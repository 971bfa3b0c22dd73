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

/** What `npm test` takes of the corpus: the first case of each area, and the first with models, with rows that contradict, and that cannot be proven. */
export function sampleOf(cases: readonly CorpusCase[]): CorpusCase[] {
  const seen = new Set<string>();
  return cases.filter(({ area, models, refuses, provable }) => {
    const traits = [
      area,
      ...(models ? ["models"] : []),
      ...(refuses ? ["refuses"] : []),
      ...(provable ? [] : ["unproven"]),
    ];
    const isFirst = traits.some((trait) => !seen.has(trait));
    for (const trait of traits) {
      seen.add(trait);
    }
    return isFirst;
  });
}
