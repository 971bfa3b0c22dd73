/** An IPv4 range in CIDR notation, taken apart. */
export interface Cidr {
  readonly first: number;
  readonly last: number;
  readonly prefixLength: number;
}

/** Reads `10.20.0.0/16`; undefined when it is no IPv4 range or its address has bits behind the prefix. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefixLength = 0] = match.slice(1).map(Number);
  if ([a, b, c, d].some((octet) => octet > 255) || prefixLength > 32) return undefined;

  // Arithmetic, not bit operations: those are signed 32 bit in JavaScript and turn 192.0.0.0 negative.
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  const size = 2 ** (32 - prefixLength);
  if (first % size !== 0) return undefined;
  return { first, last: first + size - 1, prefixLength };
}

export function containsCidr(outer: Cidr, inner: Cidr): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

export function overlapsCidr(one: Cidr, other: Cidr): boolean {
  return one.first <= other.last && other.first <= one.last;
}
