import { exitCodes, SchemagateError } from "../../migrator/errors";
import type { Catalog } from "../catalog/catalog";
import { compareCatalogs } from "../catalog/compare";
import type { Bench } from "./bench";
import { type Finding, rowsFinding, schemaFinding, type VerifiedMigration } from "./finding";
import { type Content, compareContent } from "./rows";

/** What there is before a migration. */
export interface Before {
  readonly catalog: Catalog;
  /** Rows to be kept, if any were given. */
  readonly content?: Content;
}

/**
 * Takes one migration up, down and up again, and compares the database at every step.
 *
 * @returns what does not hold, and the schema behind the migration, on which the bench stands afterwards.
 * @throws the migrator's error when the first up fails: nothing behind it can be examined.
 */
export async function examine(
  bench: Bench,
  index: number,
  before: Before,
): Promise<VerifiedMigration & { readonly catalog: Catalog }> {
  const name = bench.names[index] ?? "";
  await bench.up(index);
  const catalog = await bench.catalog();
  const back = await goBack(bench, index, before);
  if (back === "irreversible") {
    return { name, result: "applied", findings: [], catalog };
  }
  const forth = back.reverted ? await goForth(bench, index, catalog) : [];
  const findings = [...back.findings, ...forth];
  if (findings.length > 0) {
    // What one migration left behind must not be found in those that follow as well.
    await bench.bringTo(index - 1);
    await bench.up(index);
  }
  return { name, result: findings.length > 0 ? "failed" : "verified", findings, catalog };
}

async function goBack(
  bench: Bench,
  index: number,
  before: Before,
): Promise<"irreversible" | { readonly reverted: boolean; readonly findings: Finding[] }> {
  try {
    await bench.down(index - 1);
  } catch (error) {
    if (error instanceof SchemagateError && error.code === "no-down") {
      return "irreversible";
    }
    return { reverted: false, findings: [failure("down-failed", "its down fails", error)] };
  }
  const differences = compareCatalogs(before.catalog, await bench.catalog());
  const words = { expected: "the database before its up", actual: "the database after its down" };
  const rows = before.content ? compareContent(before.content, await bench.content()) : [];
  return {
    reverted: true,
    findings: [
      ...schemaFinding("down-differs", "its down does not restore what was there before its up", differences, words),
      ...rowsFinding("rows-changed", "up and down do not leave the rows as they were", rows),
    ],
  };
}

async function goForth(bench: Bench, index: number, catalog: Catalog): Promise<Finding[]> {
  try {
    await bench.up(index);
  } catch (error) {
    return [failure("up-again-failed", "its up fails after its down", error)];
  }
  const words = { expected: "the database after its first up", actual: "the database after its second up" };
  const differences = compareCatalogs(catalog, await bench.catalog());
  return schemaFinding("up-again-differs", "its up makes something else after its down", differences, words);
}

/**
 * Makes a finding of a migration that failed.
 *
 * @throws any other error: an interrupt, a lost connection.
 */
export function failure(code: string, message: string, error: unknown): Finding {
  const failed: readonly number[] = [exitCodes.migrationFailed, exitCodes.partial, exitCodes.refused];
  if (!(error instanceof SchemagateError && failed.includes(error.exitCode))) {
    throw error;
  }
  const { location, excerpt, detail } = error.details;
  const lines = [error.message, location && `at ${location}`, excerpt, detail && `detail: ${detail}`];
  const problems = error.problems.map((problem) => problem.message);
  return { code, message, lines: [...lines, ...problems].flatMap((line) => (line ? String(line).split("\n") : [])) };
}
