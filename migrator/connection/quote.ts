import { escapeLiteral } from "pg";

/** Quotes an SQL identifier. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Values as a list in SQL, for statements that travel together: a message of several takes no parameters. */
export function literals(...values: readonly (string | number | undefined)[]): string {
  const literal = (value: string | number) => (typeof value === "string" ? escapeLiteral(value) : String(value));
  return values.map((value) => (value === undefined ? "NULL" : literal(value))).join(", ");
}
