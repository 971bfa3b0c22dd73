import type { ParseResult } from "libpg-query";

/**
 * Parses SQL with PostgreSQL's own parser.
 *
 * @throws Error with `sqlDetails.cursorPosition` when it does not parse.
 */
export async function parseSql(sql: string): Promise<ParseResult> {
  // Loaded on first use: 1.7 MB of WebAssembly that a run with nothing to do never needs.
  const { parse } = await import("libpg-query");
  return parse(sql);
}
