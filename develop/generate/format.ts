import { deparseSync } from "pgsql-deparser";
import { parseSql } from "../../migrator/source/parser";

export type Tree = Awaited<ReturnType<typeof parseSql>>;

/**
 * Prints a statement for reading: lines, indents, quotes only where names need them. What the printer cannot say exactly
 * stays as it came.
 *
 * @param sql one statement, with or without its semicolon.
 */
export async function formatStatement(sql: string): Promise<string> {
  const tree = await parseSql(sql).catch(() => undefined);
  return (tree && (await printTree(tree))) ?? sql.trim().replace(/;$/, "");
}

/** Prints a parsed statement, or nothing where what was printed would not mean the same. */
export async function printTree(tree: Tree): Promise<string | undefined> {
  const wanted = meaning(tree);
  const printed = print(tree);
  const tidied = printed?.replace(/[ \t]+$/gm, "").replace(/ RESTRICT$/, "");
  const candidates = [tidied, printed].filter((text) => text !== undefined);
  for (const candidate of candidates) {
    const again = await parseSql(candidate).catch(() => undefined);
    if (again && meaning(again) === wanted) {
      return candidate;
    }
  }
  return undefined;
}

function print(tree: Tree): string | undefined {
  try {
    return deparseSync(tree as Parameters<typeof deparseSync>[0], { pretty: true })
      .trim()
      .replace(/;$/, "");
  } catch {
    return undefined;
  }
}

/** A syntax tree without the places in the text, and with its fields in one order. */
function meaning(tree: Tree): string {
  const places = new Set(["location", "stmt_location", "stmt_len"]);
  return JSON.stringify(tree.stmts, (key, value) => {
    if (places.has(key)) {
      return undefined;
    }
    const isNode = typeof value === "object" && value !== null && !Array.isArray(value);
    return isNode ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
  });
}
