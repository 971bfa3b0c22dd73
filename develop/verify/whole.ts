import { compareCatalogs } from "../catalog/compare";
import type { Bench, BenchOptions } from "./bench";
import { failure } from "./examine";
import { type Finding, rowsFinding, schemaFinding } from "./finding";
import { compareContent } from "./rows";
import type { Walked } from "./walked";

/**
 * Takes all migrations down together, as far as each of them can be, and up again. With rows, one by one, so that each
 * one's down and up are seen with rows in the tables.
 *
 * The bench stands on all migrations before and afterwards.
 */
export async function examineWhole(bench: Bench, walked: Walked, { data }: BenchOptions): Promise<Finding[]> {
  const { floor, top } = walked;
  if (floor.index === top.index) {
    return [];
  }
  const findings = data.length > 0 ? await goDownWithRows(bench, walked) : [];
  if (!findings.some(isDead)) {
    findings.push(...(await goDown(bench, walked)));
  }
  if (findings.some(isDead)) {
    await bench.bringTo(top.index);
    return findings;
  }
  try {
    await bench.up(top.index);
  } catch (error) {
    await bench.bringTo(top.index);
    return [
      ...findings,
      failure("up-all-failed", "all of them cannot be applied again after they were reverted", error),
    ];
  }
  const words = { expected: "the database after the first time", actual: "the database after the second time" };
  const differences = compareCatalogs(top.catalog, await bench.catalog());
  return [
    ...findings,
    ...schemaFinding("up-all-differs", "all of them make something else the second time", differences, words),
  ];
}

/** Whether nobody knows what is in the database now. */
function isDead({ code }: Finding): boolean {
  return code.startsWith("down-all");
}

async function goDown(bench: Bench, { floor }: Walked): Promise<Finding[]> {
  try {
    await bench.down(floor.index);
  } catch (error) {
    return [failure("down-all-failed", "all of them cannot be reverted together", error)];
  }
  const name = bench.names[floor.index];
  const expected = name ? `the database as ${name} left it` : "the empty database";
  const words = { expected, actual: "the database after all downs" };
  const message = name
    ? `reverting everything behind ${name} does not lead back to it`
    : "reverting everything does not leave the database as empty as it was";
  return schemaFinding("down-all-differs", message, compareCatalogs(floor.catalog, await bench.catalog()), words);
}

/** Down, up and down again, from the newest on. What a migration itself brings, its down may take away with the rows. */
async function goDownWithRows(bench: Bench, { floor, top }: Walked): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (let index = top.index; index > floor.index; index -= 1) {
    const name = bench.names[index];
    const before = await bench.content();
    try {
      await bench.down(index - 1);
      const between = await bench.content();
      await bench.up(index);
      const lines = compareContent(before, await bench.content(), between);
      findings.push(...rowsFinding("rows-changed", `down and up of ${name} do not leave the rows as they were`, lines));
      await bench.down(index - 1);
    } catch (error) {
      return [...findings, failure("down-all-failed", `${name} cannot go down and up with rows in the tables`, error)];
    }
  }
  return findings;
}
