// PostgreSQL 18 gives every NOT NULL a name. One that it made up is no more than the NOT NULL of earlier versions.

/** NAMEDATALEN - 1. */
const maxNameBytes = 63;
const suffix = "_not_null";

/** SQL for the name that PostgreSQL makes up for NOT NULL, cut as its makeObjectName() does. */
export function defaultNotNullName(table: string, column?: string): string {
  if (column === undefined) {
    return `concat(left(${table}, ${maxNameBytes - suffix.length}), '${suffix}')`;
  }
  const available = maxNameBytes - suffix.length - 1;
  const half = Math.floor(available / 2);
  const [first, second] = [`length(${table})`, `length(${column})`];
  const kept = `CASE WHEN ${first} + ${second} <= ${available} THEN ${first} WHEN ${second} <= ${half}
    THEN ${available} - ${second} WHEN ${first} <= ${half} THEN ${first} ELSE ${available - half} END`;
  return `concat(left(${table}, ${kept}), '_', left(${column}, ${available} - ${kept}), '${suffix}')`;
}
