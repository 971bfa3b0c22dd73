import type { Difference } from "../catalog/compare";
import { describeDifferences, type SideWords } from "../catalog/describe";

/** One thing that does not hold. */
export interface Finding {
  /** Stable, kebab-case: `down-differs`. */
  readonly code: string;
  /** What does not hold. */
  readonly message: string;
  /** What it shows in, a line each. */
  readonly lines: readonly string[];
  /** Where it is a schema that differs. */
  readonly differences?: readonly Difference[];
}

/** How one migration came out of it. */
export interface VerifiedMigration {
  readonly name: string;
  /** `applied`: it has no down, so that only its up was run. */
  readonly result: "verified" | "applied" | "failed";
  readonly findings: readonly Finding[];
}

/** How a set of migrations came out of it. */
export interface Verification {
  readonly migrations: readonly VerifiedMigration[];
  /** What holds for each migration on its own and not for all of them. */
  readonly findings: readonly Finding[];
  /** How far `down all` went: the name of the migration it stopped behind, because that one cannot be reverted or is not examined. */
  readonly revertedTo?: string;
}

/** Makes a finding of differences between two schemas; none where there are none. */
export function schemaFinding(
  code: string,
  message: string,
  differences: readonly Difference[],
  words: SideWords,
): Finding[] {
  return differences.length === 0
    ? []
    : [{ code, message, lines: describeDifferences(differences, words), differences }];
}

/** Makes a finding of what became of rows; none where nothing did. */
export function rowsFinding(code: string, message: string, lines: readonly string[]): Finding[] {
  return lines.length === 0 ? [] : [{ code, message, lines }];
}
