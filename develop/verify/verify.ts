import { refusal } from "../../migrator/errors";
import type { Source } from "../../migrator/source/migration";
import type { Scratch } from "../scratch/scratch";
import { Bench, type BenchOptions } from "./bench";
import { examine } from "./examine";
import { examineExtras } from "./extras";
import type { Verification, VerifiedMigration } from "./finding";
import type { State, Walked } from "./walked";
import { examineWhole } from "./whole";

export interface VerifyOptions extends BenchOptions {
  /** Index of the first migration to examine; those before it are only applied. */
  readonly from: number;
  /** Told how each migration came out of it, as it goes. */
  readonly onMigration: (verified: VerifiedMigration) => void;
}

/**
 * Proves on scratch databases that every migration can be applied, reverted and applied again: each one on its own, and
 * all of them together. A down must restore what was there before its up, an up must make the same again, and rows that
 * are given must survive.
 *
 * A migration without a down is applied; what is behind it is examined as ever, and `down all` stops there.
 *
 * @throws refused (exit 4); the migrator's error when a migration cannot be applied at all.
 */
export async function verifyMigrations(
  scratch: Scratch,
  source: Source,
  options: VerifyOptions,
): Promise<Verification> {
  if (source.problems.length > 0) {
    throw refusal(source.problems);
  }
  const bench = new Bench(scratch, source, options);
  await bench.bringTo(options.from - 1);
  const walked = await walk(bench, options);
  const findings = [...(await examineWhole(bench, walked, options)), ...(await examineExtras(bench, source))];
  const revertedTo = bench.names[walked.floor.index];
  return { migrations: walked.migrations, findings, revertedTo };
}

async function walk(bench: Bench, { from, data, onMigration }: VerifyOptions): Promise<Walked> {
  const migrations: VerifiedMigration[] = [];
  let top: State = { index: from - 1, catalog: await bench.catalog() };
  let floor = top;
  for (let index = from; index < bench.names.length; index += 1) {
    const hasRows = data.some(({ after }) => after < index);
    const content = hasRows ? await bench.content() : undefined;
    const { catalog, ...verified } = await examine(bench, index, { catalog: top.catalog, content });
    migrations.push(verified);
    onMigration(verified);
    top = { index, catalog: (await bench.addData(index)) ? await bench.catalog() : catalog };
    floor = verified.result === "verified" ? floor : top;
  }
  return { migrations, floor, top };
}
