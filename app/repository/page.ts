/** A slice of a list ordered by id: everything after one id, so that a page stays right while rows are added. */
export interface PageRequest {
  /** Id of the last item seen; 0 starts at the beginning. */
  readonly after: number;
  readonly limit: number;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** The `after` of the next page, null on the last one. */
  readonly next: number | null;
}

/** Makes a page of the rows of a query that asked for one row more than the limit, to know whether there is more. */
export function toPage<Item extends { readonly id: number }>(items: readonly Item[], limit: number): Page<Item> {
  const shown = items.slice(0, limit);
  return { items: shown, next: items.length > limit ? (shown.at(-1)?.id ?? null) : null };
}
