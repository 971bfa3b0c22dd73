/** Lines of equal text shown around a change. */
const contextLines = 2;

/** Beyond this many pairs of lines the changed part is shown as replaced whole: comparing them all would take seconds. */
const maxPairs = 4_000_000;

interface Line {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

/** Shows how two texts differ: lines with `- ` and `+ ` before them, two lines around each change, `…` for the rest. */
export function diffLines(before: string, after: string): string[] {
  const lines = compareLines(textLines(before), textLines(after));
  const near = (index: number): boolean =>
    lines.slice(Math.max(0, index - contextLines), index + contextLines + 1).some(({ sign }) => sign !== " ");
  const shown: string[] = [];
  for (const [index, { sign, text }] of lines.entries()) {
    if (near(index)) {
      shown.push(`${sign} ${text}`.trimEnd());
    } else if (shown.at(-1) !== "…") {
      shown.push("…");
    }
  }
  return shown;
}

function textLines(text: string): string[] {
  const lines = text.split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function compareLines(before: readonly string[], after: readonly string[]): Line[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) {
    start++;
  }
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) {
    end++;
  }
  const same = (text: string): Line => ({ sign: " ", text });
  return [
    ...before.slice(0, start).map(same),
    ...compareMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same),
  ];
}

function compareMiddle(before: readonly string[], after: readonly string[]): Line[] {
  const removed = before.map((text): Line => ({ sign: "-", text }));
  const added = after.map((text): Line => ({ sign: "+", text }));
  if (before.length * after.length > maxPairs) {
    return [...removed, ...added];
  }
  const common = commonLengths(before, after);
  const at = (row: number, column: number): number => common[row]?.[column] ?? 0;
  const lines: Line[] = [];
  let [row, column] = [0, 0];
  while (row < before.length && column < after.length) {
    const text = before[row] ?? "";
    if (text === after[column]) {
      lines.push({ sign: " ", text });
      row++;
      column++;
    } else if (at(row + 1, column) >= at(row, column + 1)) {
      lines.push(...removed.slice(row, ++row));
    } else {
      lines.push(...added.slice(column, ++column));
    }
  }
  return [...lines, ...removed.slice(row), ...added.slice(column)];
}

/** How many lines what follows two positions has in common in order, for every two. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let row = before.length - 1; row >= 0; row--) {
    const [current, next] = [lengths[row], lengths[row + 1]];
    for (let column = after.length - 1; current && next && column >= 0; column--) {
      current[column] =
        before[row] === after[column]
          ? (next[column + 1] ?? 0) + 1
          : Math.max(next[column] ?? 0, current[column + 1] ?? 0);
    }
  }
  return lengths;
}
