import type { Catalog, CatalogObject, Facts } from "./catalog";
import { isSamePrinted } from "./printed";

/** A fact that two databases disagree on; `null`: not set, or there is no such object. */
export interface FactDifference {
  readonly name: string;
  readonly expected: string | null;
  readonly actual: string | null;
}

/** An object that two databases disagree on. */
export interface Difference {
  readonly kind: string;
  readonly identity: string;
  /** `missing`: only in the expected catalog. `unexpected`: only in the actual one. */
  readonly change: "missing" | "unexpected" | "different";
  /** Those that differ; of an object that only one side has: all that are set. */
  readonly facts: readonly FactDifference[];
  /** Key of the object that it comes and goes with, if any. */
  readonly of?: string;
}

/**
 * Tells how two catalogs differ: objects in the expected one's order, then those that only the actual one has. Catalogs
 * are of one major version of PostgreSQL: each prints definitions in its own way.
 */
export function compareCatalogs(expected: Catalog, actual: Catalog): Difference[] {
  const differences: Difference[] = [];
  for (const [key, object] of expected) {
    const other = actual.get(key);
    const facts = compareFacts(object.kind, object.facts, other?.facts ?? {});
    if (!other) {
      differences.push(difference(object, "missing", facts));
    } else if (facts.length > 0) {
      differences.push(difference(object, "different", facts));
    }
  }
  for (const [key, object] of actual) {
    if (!expected.has(key)) {
      differences.push(difference(object, "unexpected", compareFacts(object.kind, {}, object.facts)));
    }
  }
  return differences;
}

function difference(
  { kind, identity, of }: CatalogObject,
  change: Difference["change"],
  facts: readonly FactDifference[],
): Difference {
  return { kind, identity, change, facts, ...(of === undefined ? {} : { of }) };
}

function compareFacts(kind: string, expected: Facts, actual: Facts): FactDifference[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...names]
    .map((name) => ({ name, expected: expected[name] ?? null, actual: actual[name] ?? null }))
    .filter((fact) => !isEqual(kind, fact));
}

/** Facts that PostgreSQL prints from what it parsed; what a function's body says is as somebody wrote it. */
const printed: readonly string[] = [
  "definition",
  "expression",
  "generated",
  "default",
  "using",
  "with check",
  "filter",
  "partition by",
];

function isEqual(kind: string, { name, expected, actual }: FactDifference): boolean {
  if (expected === actual || expected === null || actual === null) {
    return expected === actual;
  }
  return printed.includes(name) && kind !== "function" && kind !== "procedure" && isSamePrinted(expected, actual);
}
