/** One thing a schema consists of: a table, a column, a comment, what one role may do with a view. */
export interface CatalogObject {
  /** `table`, `column`, `default`, `constraint`, `index`, `view`, `function`, `comment`, `grant`, … */
  readonly kind: string;
  /** Its name, qualified, and quoted where PostgreSQL would: `public.orders`, `public.orders.id`, `public.f(integer)`. */
  readonly identity: string;
  /** What must be equal for two of them to be equal, by names and in words that a reader understands. */
  readonly facts: Facts;
  /** Key of the object that it comes and goes with, if any: of a column its table, of a comment what it is on. */
  readonly of?: string;
}

/** `null`: does not apply, or is not set. */
export type Facts = Readonly<Record<string, string | null>>;

/** Everything in a database's schemas, by key. */
export type Catalog = ReadonlyMap<string, CatalogObject>;

/** Key of an object in a catalog. */
export function catalogKey(object: Pick<CatalogObject, "kind" | "identity">): string {
  return `${object.kind} ${object.identity}`;
}
