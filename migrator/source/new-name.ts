import { usageError } from "../errors";
import { versionOf } from "./migration";

/** Longest slug: names stay readable in tables and below PostgreSQL's and file systems' limits. */
const slugLength = 60;

/**
 * The part of a migration's name that people read.
 *
 * @throws usage (exit 2) when the message has no letter or digit.
 */
export function slug(message: string | undefined): string {
  const words = (message ?? "")
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .slice(0, slugLength)
    .replace(/^_+|_+$/g, "");
  if (words === "") {
    throw usageError({
      code: "no-message",
      message: `a migration's name is made of its message, and ${message ? `"${message}" has no letter or digit in it` : "there is none"}`,
      hint: 'Say what it does: -m "add invoices".',
    });
  }
  return words;
}

/** A name of this second, or one behind the newest there is, so that the new migration always comes last. */
export function migrationName(slugText: string, now: Date, newest: string | undefined): string {
  const version = BigInt(now.toISOString().replace(/\D/g, "").slice(0, 14));
  const behindNewest = newest === undefined ? 0n : versionOf(newest) + 1n;
  return `${version > behindNewest ? version : behindNewest}_${slugText}`;
}
