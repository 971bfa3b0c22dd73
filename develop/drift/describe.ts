import { catalogKey } from "../catalog/catalog";
import type { Difference } from "../catalog/compare";
import { describeDifferences } from "../catalog/describe";

/** As many owners are told one by one; more are one line, or they would hide the rest. */
const fewOwners = 3;

/** Tells what was changed by hand, in lines. */
export function describeDrift(differences: readonly Difference[]): string[] {
  const groups = new Map<string, Difference[]>();
  for (const difference of differences.filter(isAboutOwner)) {
    const [owner] = difference.facts;
    const key = `is ${owner?.actual}, by the migrations ${owner?.expected}`;
    groups.set(key, [...(groups.get(key) ?? []), difference]);
  }
  const large = [...groups].filter(([, group]) => group.length > fewOwners);
  const grouped = new Set(large.flatMap(([, group]) => group));
  const rest = differences.filter((difference) => !grouped.has(difference));
  return [
    ...describeDifferences(rest, { expected: "the migrations", actual: "the database" }),
    ...large.map(([owners, group]) => `${group.length} objects: owner ${owners} (${group.map(catalogKey).join(", ")})`),
  ];
}

function isAboutOwner({ change, facts }: Difference): boolean {
  return change === "different" && facts.length === 1 && facts[0]?.name === "owner";
}
