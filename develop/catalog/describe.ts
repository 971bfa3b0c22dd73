import { catalogKey } from "./catalog";
import type { Difference, FactDifference } from "./compare";
import { diffLines } from "./line-diff";

/** What the two sides are called: `the models`, `the database`. */
export interface SideWords {
  readonly expected: string;
  readonly actual: string;
}

/**
 * Tells differences in lines of text: one line for each fact that differs, a small diff where it is a text of several
 * lines, one line for an object that only one side has, with the number of what comes and goes with it.
 */
export function describeDifferences(differences: readonly Difference[], words: SideWords): string[] {
  const byKey = new Map(differences.map((difference) => [catalogKey(difference), difference]));
  const byRoot = new Map<Difference, Difference[]>();
  for (const difference of differences) {
    const root = rootOf(difference, byKey);
    byRoot.set(root, [...(byRoot.get(root) ?? []), ...(root === difference ? [] : [difference])]);
  }
  return differences.flatMap((difference) => {
    const parts = byRoot.get(difference);
    return parts ? describeDifference(difference, parts, words) : [];
  });
}

/** What a difference follows from: a column that only one side has from its table that only this side has. */
function rootOf(difference: Difference, byKey: ReadonlyMap<string, Difference>): Difference {
  const owner = difference.of === undefined ? undefined : byKey.get(difference.of);
  const follows = owner && difference.change !== "different" && owner.change === difference.change;
  return follows ? rootOf(owner, byKey) : difference;
}

function describeDifference(difference: Difference, parts: readonly Difference[], words: SideWords): string[] {
  if (difference.change === "different") {
    return difference.facts.flatMap((fact) => describeFact(difference, fact, words));
  }
  const side = difference.change === "missing" ? words.expected : words.actual;
  return [`${catalogKey(difference)}: only in ${side}${describeOnly(difference)}${countParts(parts)}`];
}

function describeFact(difference: Difference, { name, expected, actual }: FactDifference, words: SideWords): string[] {
  const key = catalogKey(difference);
  if (expected?.includes("\n") || actual?.includes("\n")) {
    const diff = diffLines(expected ?? "", actual ?? "").map((line) => `    ${line}`);
    return [`${key}: ${name} differs (- in ${words.expected}, + in ${words.actual}):`, ...diff];
  }
  return [`${key}: ${name} is ${show(actual)} in ${words.actual}, ${show(expected)} in ${words.expected}`];
}

function show(value: string | null): string {
  return value === null ? "not set" : value === "" ? "empty" : value;
}

/** Facts that say what an object is when it is told in one line. */
const telling: readonly string[] = ["expression", "definition", "privileges", "text"];

function describeOnly({ change, facts }: Difference): string {
  const fact = facts.find(({ name }) => telling.includes(name));
  const value = fact && (change === "missing" ? fact.expected : fact.actual);
  return value && value.length <= 80 && !value.includes("\n") ? ` (${value})` : "";
}

/** Grants are not counted: every object has those that it was made with. */
function countParts(parts: readonly Difference[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of parts.filter((part) => part.kind !== "grant")) {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const told = [...counts].map(([kind, count]) => `${count} ${count === 1 ? kind : plural(kind)}`);
  return told.length === 0 ? "" : `, with ${told.join(", ")}`;
}

function plural(kind: string): string {
  if (kind === "policy") {
    return "policies";
  }
  return kind.endsWith("x") ? `${kind}es` : kind.endsWith("s") ? kind : `${kind}s`;
}
