import type { Ledger } from "../ledger/ledger";
import type { SealSummary } from "../source/seal-summary";

/**
 * Whether all of a sealed set is applied, and nothing else but that: what almost every start finds. One query, no lock,
 * no write, and the same answer for ten migrations as for ten thousand.
 *
 * @returns false also where only a comparison of the whole set can tell: a database that is ahead, for one.
 */
export async function isUpToDate(ledger: Ledger, seal: SealSummary): Promise<boolean> {
  const found = await ledger.summarize();
  return (
    found !== undefined &&
    found.applied === seal.applied &&
    // A hook that is still owed counts as well.
    found.unfinished === "0" &&
    Object.entries(seal.repeatables).every(([name, checksum]) => found.others?.[name] === checksum)
  );
}
