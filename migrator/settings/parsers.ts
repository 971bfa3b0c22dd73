/** Any text. */
export function text(text: string): string {
  return text;
}

/** Upper bound of a duration: a day. A longer wait would outlive every deployment. */
const longestSeconds = 86_400;

/** Seconds from 0 to a day. */
export function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= longestSeconds)) {
    throw new Error(`must be seconds, a number from 0 to ${longestSeconds}`);
  }
  return value;
}

/** Upper bound of a count: more is a slip of the keyboard. */
const largestCount = 1_000_000;

/** A count. @param least smallest value */
export function wholeNumber(least: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > largestCount) {
      throw new Error(`must be a whole number from ${least} to ${largestCount}`);
    }
    return value;
  };
}

/** A switch: a flag without value reads as true. */
export function flag(text: string): boolean {
  if (/^(1|true|yes)$/i.test(text)) {
    return true;
  }
  if (/^(0|false|no)$/i.test(text)) {
    return false;
  }
  throw new Error("must be true or false");
}

/** One of some words. */
export function oneOf<const T extends string>(...values: T[]) {
  return (text: string): T => {
    const found = values.find((value) => value === text);
    if (!found) {
      throw new Error(`must be one of ${values.join(", ")}`);
    }
    return found;
  };
}

/** PostgreSQL cuts longer identifiers, silently. */
export const identifierBytes = 63;

/** A schema name that PostgreSQL takes whole. */
export function identifier(text: string): string {
  if (text === "" || Buffer.byteLength(text) > identifierBytes || text.includes("\0")) {
    throw new Error(`must be a schema name of 1 to ${identifierBytes} bytes`);
  }
  if (/^pg_/i.test(text)) {
    throw new Error("must not begin with pg_, PostgreSQL keeps such names for itself");
  }
  return text;
}

/** A role's name that PostgreSQL takes whole. */
export function roleName(text: string): string {
  if (text === "" || Buffer.byteLength(text) > identifierBytes || text.includes("\0")) {
    throw new Error(`must be a role name of 1 to ${identifierBytes} bytes`);
  }
  if (/^pg_|^(public|none)$/.test(text)) {
    throw new Error("must not be public, none or begin with pg_, PostgreSQL keeps such names for itself");
  }
  return text;
}
