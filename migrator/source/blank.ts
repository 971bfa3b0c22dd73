/** White space, bare semicolons, line comments, and the beginning of a comment in a block. */
const blank = /[\s;]+|--[^\n]*|\/\*/y;

/** @returns the length of what stands in front of an SQL text's first statement: white space and comments. */
export function blankLength(sql: string): number {
  let end = 0;
  for (;;) {
    blank.lastIndex = end;
    const found = blank.exec(sql)?.[0];
    if (found === undefined) {
      return end;
    }
    const endOfFound = found === "/*" ? endOfBlock(sql, end) : blank.lastIndex;
    end = endOfFound === -1 ? sql.length : endOfFound;
  }
}

/** @returns the offset behind a comment in a block, or -1 where it does not end; comments nest. */
export function endOfBlock(sql: string, start: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  let depth = 0;
  for (let match = mark.exec(sql); match; match = mark.exec(sql)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) {
      return mark.lastIndex;
    }
  }
  return -1;
}
