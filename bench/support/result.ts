import type { Summary } from "./statistics";

/** One line of a benchmark's table. */
export interface Row extends Partial<Summary> {
  readonly label: string;
  /** Beside the times: round trips, bytes, a balance. */
  readonly facts?: Readonly<Record<string, number | string>>;
}

/** What a benchmark was to come to, and came to. */
export interface Target {
  readonly what: string;
  readonly atMost: number;
  /** What would be better still. @default - none */
  readonly stretch?: number;
  readonly measured: number;
  readonly unit: string;
}

/** A series over a size. */
export interface Curve {
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Result {
  readonly title: string;
  /** Of the rows. @default "ms" */
  readonly unit?: string;
  /** The row that ratios refer to is the first. */
  readonly rows: readonly Row[];
  readonly targets: readonly Target[];
  readonly curves?: { readonly x: string; readonly y: string; readonly lines: readonly Curve[] };
  /** How it was measured, and what was left out and why. */
  readonly notes: readonly string[];
}

export const isMet = ({ measured, atMost }: Target): boolean => measured <= atMost;

/** `1.76 x, target 1.6 x: missed by 0.16`. */
export function describeTarget(target: Target): string {
  const { what, measured, atMost, stretch, unit } = target;
  const judge = (limit: number) => (measured <= limit ? "met" : `missed by ${number(measured - limit)}`);
  const further = stretch === undefined ? "" : `; stretch ${number(stretch)} ${unit}: ${judge(stretch)}`;
  return `${what}: ${number(measured)} ${unit}, target ${number(atMost)} ${unit}: ${judge(atMost)}${further}`;
}

/** Three digits that count. */
export function number(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3).replace(/\.?0+$/, "");
}
