import type { ProcessContext } from "../../migrator/run/session";
import { loadSource } from "../../migrator/source/load";
import { resolveName } from "../../migrator/source/names";
import { refuseClusterWide, sqlTexts } from "../scratch/cluster-wide";
import { type ScratchOptions, withScratch } from "../scratch/scratch";
import { readDataFiles } from "./data-files";
import type { Verification, VerifiedMigration } from "./finding";
import { verifyMigrations } from "./verify";

export interface RunVerifyOptions extends ScratchOptions {
  /** Directory of the migrations. */
  readonly dir: string;
  readonly ledgerSchema: string;
  /** First migration to examine, by name or a part of it. @default the first of all */
  readonly from?: string;
  /** Files of rows that must survive. @default none */
  readonly withData?: readonly string[];
}

/**
 * Proves that the migrations of a directory go up, down and up again.
 *
 * @param onMigration told how each migration came out of it, as it goes.
 * @throws usage (exit 2), refused (exit 4), cannot connect (exit 7), or the migrator's error when a migration cannot be
 * applied at all.
 */
export async function runVerify(
  options: RunVerifyOptions,
  context: ProcessContext,
  onMigration: (verified: VerifiedMigration) => void,
): Promise<Verification> {
  const { dir, ledgerSchema } = options;
  const source = await loadSource(dir);
  const names = source.migrations.map(({ name }) => name);
  const from = options.from === undefined ? 0 : names.indexOf(resolveName(options.from, names));
  const data = await readDataFiles(options.withData ?? [], names);
  const dataTexts = data.map(({ file, sql }) => ({ file, sql, firstLine: 1 }));
  await refuseClusterWide([...sqlTexts(source), ...dataTexts], options, context.env);
  return withScratch(options, context, (scratch) =>
    verifyMigrations(scratch, source, { ledgerSchema, from, data, signal: context.signal, onMigration }),
  );
}
