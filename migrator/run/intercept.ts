import type { MigrationClient } from "../source/migration";

/** What a client's `query` was called with: a text, a configuration, or a query that reports by itself. */
export type QueryArguments = readonly unknown[];

/**
 * The same client with another `query`.
 *
 * @param query is given what it was called with, and what sends it.
 * @param used told the name of whatever else is asked of it.
 */
export function interceptQueries<C extends MigrationClient>(
  client: C,
  query: (given: QueryArguments, send: () => unknown) => unknown,
  used: (property: string) => void = () => undefined,
): C {
  return new Proxy(client, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property, target);
      if (property !== "query") {
        used(String(property));
        return typeof value === "function" ? value.bind(target) : value;
      }
      return (...given: unknown[]) => query(given, () => Reflect.apply(target.query, target, given));
    },
  });
}

/** The SQL of a query. */
export function sqlOf([query]: QueryArguments): string {
  return typeof query === "string" ? query : String((query as { text?: unknown } | undefined)?.text ?? "");
}
