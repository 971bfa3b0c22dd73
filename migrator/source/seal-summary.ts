import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { sealError } from "./seal-error";

/** The one file of a sealed set that a start with nothing pending reads; its size does not grow with the migrations. */
export const sealSummaryFileName = "seal.json";

/** Format of the file; a reader refuses any other. */
export const sealSummaryFormat = 1;

/** What the ledger holds when all of a sealed set is applied. */
export interface SealSummary {
  readonly format: typeof sealSummaryFormat;
  /** Checksum of the sealed set beside it. */
  readonly contents: string;
  /** The versioned migrations, as `LedgerSummary` has them. */
  readonly applied: string;
  /** Name of the newest versioned migration. */
  readonly newest: string;
  /** Checksums of the repeatable objects, by name. */
  readonly repeatables: Readonly<Record<string, string>>;
}

/**
 * Reads the summary of the sealed set in a directory.
 *
 * @returns undefined where there is none: the set is not sealed.
 * @throws usage (exit 2) when it is damaged or of another format.
 */
export function readSealSummary(dir: string): SealSummary | undefined {
  const path = join(resolve(dir), sealSummaryFileName);
  const summary = parse(path);
  if (summary && summary.format !== sealSummaryFormat) {
    throw sealError(path, `its format is ${String(summary.format)}, this version reads ${sealSummaryFormat}`);
  }
  return summary;
}

function parse(path: string): SealSummary | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") {
      return undefined;
    }
    throw sealError(path, message);
  }
}
