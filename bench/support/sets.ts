/** A migration in the terms of every tool. */
export interface BenchMigration {
  /** UTC, fourteen digits. */
  readonly version: string;
  readonly slug: string;
  /** One statement each. */
  readonly up: string;
  readonly down: string;
}

const version = (index: number) => String(20_260_101_000_000 + index);

/** Small migrations: a table each. */
export function tables(count: number): BenchMigration[] {
  return Array.from({ length: count }, (_, index) => ({
    version: version(index),
    slug: `create_t${index}`,
    up: `CREATE TABLE t${index} (id bigint PRIMARY KEY, name text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());`,
    down: `DROP TABLE t${index};`,
  }));
}

/** Data migrations that each add ten to a balance: applied once each, and in turn, they come to ten times their number. */
export function additions(count: number): BenchMigration[] {
  return Array.from({ length: count }, (_, index) => ({
    version: version(index),
    slug: `add_ten_${index}`,
    up: "UPDATE balance SET amount = amount + 10;",
    down: "UPDATE balance SET amount = amount - 10;",
  }));
}

/** A set of which one, in the middle, takes long. */
export function withSlowOne(count: number, seconds: number): BenchMigration[] {
  return tables(count).map((migration, index) =>
    index === Math.floor(count / 2) ? { ...migration, slug: "slow", up: `SELECT pg_sleep(${seconds});` } : migration,
  );
}
