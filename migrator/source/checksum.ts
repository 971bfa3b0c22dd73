import { createHash, type Hash } from "node:crypto";

/**
 * Reads a migration's bytes as text the same way on every machine: without a byte order mark, with LF line ends.
 *
 * @throws TypeError when the bytes are not UTF-8.
 */
export function decodeText(bytes: Uint8Array): string {
  // TextDecoder drops the byte order mark by itself.
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r\n?/g, "\n");
}

/** Checksum of a migration's text, or of a file; the algorithm is part of the value, so that it can change one day. */
export function checksum(text: string | Uint8Array): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** Final newlines that a formatter adds or takes away make no other text, up to this many: a checksum tells only equality. */
const finalNewlines = 8;

/**
 * Checksums of what a text would be with other final newlines, itself included. Texts are those of `checksum`, one behind
 * the other with a NUL between them.
 */
export function checksumsOfSame(...texts: readonly string[]): string[] {
  let hashes = [createHash("sha256")];
  texts.forEach((text, index) => {
    const body = `${index === 0 ? "" : "\0"}${text.replace(/\n+$/, "")}`;
    hashes = hashes.flatMap((hash) => withFinalNewlines(hash.update(body)));
  });
  return hashes.map((hash) => `sha256:${hash.digest("hex")}`);
}

function withFinalNewlines(hash: Hash): Hash[] {
  return Array.from({ length: finalNewlines + 1 }, (_, count) => hash.copy().update("\n".repeat(count)));
}

/** The checksum as people compare it: algorithm and the first 12 digits. */
export function shortChecksum(value: string): string {
  return value.replace(/^(\w+):([0-9a-f]{12})[0-9a-f]*$/, "$1 $2…");
}
