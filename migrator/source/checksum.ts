import { createHash } from "node:crypto";

/**
 * Reads a migration's bytes as text the same way on every machine: without a byte order mark, with LF line ends.
 *
 * @throws TypeError when the bytes are not UTF-8.
 */
export function decodeText(bytes: Uint8Array): string {
  // TextDecoder drops the byte order mark by itself.
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r\n?/g, "\n");
}

/** Checksum of a migration's text; the algorithm is part of the value, so that it can change one day. */
export function checksum(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** The checksum as people compare it: algorithm and the first 12 digits. */
export function shortChecksum(value: string): string {
  return value.replace(/^(\w+):([0-9a-f]{12})[0-9a-f]*$/, "$1 $2…");
}
