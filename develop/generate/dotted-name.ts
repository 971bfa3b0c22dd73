/** The last part of a dotted name: quoted, or without a dot. */
const lastOf = /^(?:(.*)\.)?("(?:[^"]|"")*"|[^."]+)$/s;

/** Splits a dotted name before its last part, either of which may be quoted: `public."a.b".c` into `public."a.b"` and `c`. */
export function splitLast(name: string): [holder: string, last: string] {
  const [, holder = "", last = name] = lastOf.exec(name) ?? [];
  return [holder, last];
}
