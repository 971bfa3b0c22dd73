/** Areas by the test file that runs them, so that several workers share the corpus; `others` has the rest. */
const areas = {
  columns: ["table", "column"],
  constraints: ["key", "unique", "check", "exclusion", "fk", "index", "name"],
  code: ["view", "matview", "function", "trigger", "rule", "policy", "grant", "privilege"],
  renames: ["rename", "enum", "combined"],
} as const satisfies Record<string, readonly string[]>;

export type Group = keyof typeof areas | "others";

/** The group of an area. */
export function groupOf(area: string): Group {
  const found = Object.entries(areas).find(([, listed]) => (listed as readonly string[]).includes(area));
  return (found?.[0] as Group | undefined) ?? "others";
}
