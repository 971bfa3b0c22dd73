import pc from "picocolors";

type Colors = ReturnType<typeof pc.createColors>;

/** Plain words, colours on a terminal. */
export type Style = Colors;

/** @param colors whether the output shows them. */
export function createStyle(colors: boolean): Style {
  return pc.createColors(colors);
}

/**
 * A table with aligned columns.
 *
 * @param paint colours a cell, which is padded already. @default plain
 */
export function table(
  rows: readonly (readonly string[])[],
  paint: (cell: string, row: number, column: number) => string = (cell) => cell,
): string {
  const widths = rows.reduce<number[]>((max, row) => row.map((cell, i) => Math.max(max[i] ?? 0, cell.length)), []);
  const line = (row: readonly string[], rowIndex: number) =>
    row
      .map((cell, i) => paint(i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0), rowIndex, i))
      .join("  ")
      .trimEnd();
  return rows.map(line).join("\n");
}

/** `12 ms`, `3.4 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1_000) {
    return `${Math.round(ms)} ms`;
  }
  if (ms < 60_000) {
    return `${(ms / 1_000).toFixed(1)} s`;
  }
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

/** `1 migration`, `3 migrations`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** UTC, to the second: `2026-01-31 12:00:00`. */
export function timestamp(date: Date): string {
  return date.toISOString().slice(0, 19).replace("T", " ");
}
