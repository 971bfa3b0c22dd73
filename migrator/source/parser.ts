import { setFlagsFromString } from "node:v8";
import type { ParseResult } from "libpg-query";

/**
 * Keeps V8 from compiling WebAssembly a second time, to make it faster: Node 24 takes 600 MB for that on the grammar, more
 * than a small container has (https://github.com/nodejs/node/issues/63421). Either flag alone does nothing.
 */
const compileOnce = ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering"];

/**
 * Parses SQL with PostgreSQL's own parser.
 *
 * @throws Error with `sqlDetails.cursorPosition` when it does not parse.
 */
export async function parseSql(sql: string): Promise<ParseResult> {
  // Loaded on first use: 1.7 MB of WebAssembly that a run with nothing to do never needs.
  for (const flag of compileOnce) {
    setFlagsFromString(flag);
  }
  const { parse } = await import("libpg-query");
  return parse(sql);
}
