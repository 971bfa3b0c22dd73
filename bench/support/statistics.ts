/** What a series of measurements says. */
export interface Summary {
  readonly median: number;
  /** Quartiles: half of all values lie between them. */
  readonly low: number;
  readonly high: number;
  /** Number of values. */
  readonly n: number;
}

/** The value below which a share of the values lies, between two of them by interpolation. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [below = Number.NaN, above = below] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at - Math.floor(at));
}

export function summarize(values: readonly number[]): Summary {
  return {
    median: quantile(values, 0.5),
    low: quantile(values, 0.25),
    high: quantile(values, 0.75),
    n: values.length,
  };
}
