import type { Generated } from "../../../develop/generate/generate";
import type { CorpusCase } from "./case";

export const directions = ["up", "down"] as const;

export type Direction = (typeof directions)[number];

/**
 * `right`: proven, and the judges agree; `unproven`: it says itself that it may be wrong; `fails on rows`: right for the
 * schema, but it cannot run on rows that fit both schemas, and does not say so; `wrong`: proven, and a judge disagrees.
 */
export type Verdict = "right" | "unproven" | "fails on rows" | "wrong";

/** What a case came to. */
export interface Outcome {
  readonly corpusCase: CorpusCase;
  readonly generated: Generated;
  readonly up: Verdict;
  readonly down: Verdict;
  /** Where the Drizzle module is not the same schema as after.sql. */
  readonly misread: readonly string[];
  /** Data that is gone without a word. */
  readonly silentLosses: readonly string[];
  /** Losses that the case names and the result does not. */
  readonly unannounced: readonly string[];
  /** What the judges and the server said. */
  readonly notes: readonly string[];
}

/** What must not be, in words; nothing when all is as the case expects. */
export function faultsOf(outcome: Outcome): string[] {
  const { provable } = outcome.corpusCase;
  const short = directions.filter((direction) => outcome[direction] !== "right");
  const wrong = short.filter((direction) => outcome[direction] === "wrong");
  const faults = [
    ...outcome.misread.map((line) => `the models are not after.sql: ${line}`),
    ...(provable ? short : wrong).map((direction) => `${direction} is ${outcome[direction]}`),
    ...(!provable && short.length === 0 ? ["case.json says that it cannot be proven, and it is: take that out"] : []),
    ...outcome.silentLosses.map((line) => `lost without a word: ${line}`),
    ...outcome.unannounced.map((line) => `not announced: ${line}`),
  ];
  return faults.length > 0 ? [...faults, ...outcome.notes, ...outcome.generated.complaints] : [];
}

/** Share of cases, from 0 to 1, that are proven and right in a direction. */
export function shareRight(outcomes: readonly Outcome[], direction: Direction): number {
  return outcomes.filter((outcome) => outcome[direction] === "right").length / outcomes.length;
}

/** Prints a line for each area and one for all of them, then every case that is not right. */
export function scoreTable(outcomes: readonly Outcome[]): string {
  const areas = [...new Set(outcomes.map(({ corpusCase }) => corpusCase.area))];
  const line = (name: string, cases: readonly Outcome[]) => {
    const count = (direction: Direction, verdict: Verdict) =>
      cases.filter((outcome) => outcome[direction] === verdict).length;
    const cells = directions.flatMap((direction) => [
      count(direction, "right"),
      count(direction, "unproven"),
      count(direction, "fails on rows"),
      count(direction, "wrong"),
      `${(shareRight(cases, direction) * 100).toFixed(1)}%`,
    ]);
    const silent = cases.filter(({ silentLosses }) => silentLosses.length > 0).length;
    return row([name, cases.length, ...cells, silent]);
  };
  const head = ["right", "unproven", "fails", "wrong", "share"];
  return [
    row(["area", "cases", ...head.map((word) => `up ${word}`), ...head.map((word) => `down ${word}`), "silent loss"]),
    ...areas.map((area) =>
      line(
        area,
        outcomes.filter(({ corpusCase }) => corpusCase.area === area),
      ),
    ),
    line("all", outcomes),
    ...outcomes.filter((outcome) => outcome.up !== "right" || outcome.down !== "right").map(describeOutcome),
  ].join("\n");
}

function describeOutcome({ corpusCase, up, down }: Outcome): string {
  return `${corpusCase.name}: up ${up}, down ${down}`;
}

const widths = [13, 6, 9, 12, 9, 9, 9, 11, 14, 11, 11, 11, 12];

function row(cells: readonly (string | number)[]): string {
  return cells
    .map((cell, index) =>
      index === 0 ? String(cell).padEnd(widths[0] ?? 0) : String(cell).padStart(widths[index] ?? 0),
    )
    .join("");
}
