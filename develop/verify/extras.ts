import { checksum } from "../../migrator/source/checksum";
import type { Migration, Source } from "../../migrator/source/migration";
import { compareCatalogs } from "../catalog/compare";
import type { Bench } from "./bench";
import { failure } from "./examine";
import { type Finding, schemaFinding } from "./finding";

/**
 * Applies repeatable objects and the hook behind all migrations twice: the second time they must make nothing else.
 *
 * @throws the migrator's error when one cannot be applied at all.
 */
export async function examineExtras(bench: Bench, { repeatables, hooks }: Source): Promise<Finding[]> {
  const extras = [...repeatables, ...(hooks.afterAll ? [hooks.afterAll] : [])];
  if (extras.length === 0) {
    return [];
  }
  await bench.applyExtras(extras);
  const first = await bench.catalog();
  try {
    await bench.applyExtras(extras.map(asChanged));
  } catch (error) {
    return [failure("repeat-failed", "repeatable objects or hooks cannot be applied a second time", error)];
  }
  const words = { expected: "the database after the first time", actual: "the database after the second time" };
  const differences = compareCatalogs(first, await bench.catalog());
  return schemaFinding(
    "repeat-differs",
    "repeatable objects or hooks make something else the second time",
    differences,
    words,
  );
}

/** The ledger then takes it for one that was edited, and it is applied again. */
function asChanged<M extends Migration>(migration: M): M {
  return { ...migration, checksum: checksum(`${migration.checksum} again`), sameChecksums: undefined };
}
