import { mkdirSync, writeFileSync } from "node:fs";
import { arch, cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { plot } from "./plot";
import { describeTarget, isMet, number, type Result, type Row } from "./result";

/** Where figures and plots are kept. */
const directory = join(__dirname, "../../docs/performance");

/** Prints a result as a table, and what became of its targets. */
export function printResult({ title, unit = "ms", rows, targets, curves, notes }: Result): void {
  console.log(`\n${title}\n`);
  const [first] = rows;
  const facts = [...new Set(rows.flatMap((row) => Object.keys(row.facts ?? {})))];
  const head = ["", `median ${unit}`, "quartiles", "n", "ratio", ...facts];
  printTable([head, ...rows.map((row) => cells(row, first, facts))]);
  for (const { label, points } of curves?.lines ?? []) {
    console.log(`  ${label}: ${points.map(({ x, y }) => `${x}: ${number(y)}`).join(", ")}`);
  }
  for (const target of targets) {
    console.log(`  ${isMet(target) ? "✔" : "✘"} ${describeTarget(target)}`);
  }
  for (const note of notes) {
    console.log(`  - ${note}`);
  }
}

function cells(row: Row, first: Row | undefined, facts: readonly string[]): string[] {
  const { label, median, low = 0, high = 0, n } = row;
  const times =
    median === undefined
      ? ["", "", "", ""]
      : [
          number(median),
          `${number(low)} - ${number(high)}`,
          String(n),
          (median / (first?.median ?? Number.NaN)).toFixed(2),
        ];
  const texts = facts.map((name) => {
    const value = row.facts?.[name] ?? "";
    return typeof value === "number" ? number(value) : value;
  });
  return [label, ...times, ...texts];
}

function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of rows) {
    console.log(
      `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join("  ")}`,
    );
  }
}

/** Keeps a result: figures with the machine they are from, and a plot. */
export async function keepResult(
  name: string,
  result: Result,
  versions: Readonly<Record<string, string>>,
): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const date = new Date().toISOString().slice(0, 10);
  const targets = result.targets.map((target) => ({ ...target, met: isMet(target) }));
  const kept = { date, machine: describeMachine(), versions, ...result, targets };
  writeFileSync(join(directory, `${name}.json`), `${JSON.stringify(kept, null, 2)}\n`);
  writeFileSync(join(directory, `${name}.svg`), await plot(result));
}

function describeMachine() {
  const [processor] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  return { processor: processor?.model.trim(), cores: cpus().length, memory, kernel: `${release()} ${arch()}` };
}
