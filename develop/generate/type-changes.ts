/** As format.ts prints it. */
const typeChange = /^(ALTER TABLE (?:ONLY )?\S+\s+ALTER COLUMN ("(?:[^"]|"")+"|\S+) TYPE ([\s\S]+?)) USING [\s\S]+$/;

/**
 * Forms of a statement that changes a column's type, the safest first: without USING PostgreSQL refuses a value that does
 * not fit, where a cast would cut `varchar` and `bit` short without a word. The engine's cast is next, then the way through
 * text, which every type knows. Other statements have one form.
 */
export function alternatives(sql: string): readonly string[] {
  if (/ SET STORAGE "?DEFAULT"?$/i.test(sql)) {
    // PostgreSQL 16 has the word; before, a type's own is one of these.
    return [sql, ...["EXTENDED", "MAIN", "PLAIN"].map((storage) => sql.replace(/\S+$/, storage))];
  }
  const [, bare, column, type] = typeChange.exec(sql) ?? [];
  if (!bare || !column || !type) {
    return [sql];
  }
  const target = type.replace(/\s+COLLATE\s+\S+$/, "");
  return [bare, sql, `${bare} USING ${column}::text::${target}`];
}
