import type { Finding } from "../../../develop/lint/finding";
import { lintMigrations } from "../../../develop/lint/lint";
import type { RuleName } from "../../../develop/lint/rules";
import { loadSource } from "../../../migrator/source/load";
import { writeMigrations } from "../../support/migrator";

/** A migration and the rules that must find something in it, sorted. */
export interface LintCase {
  readonly sql: string;
  readonly rules: readonly RuleName[];
  /** Behind the marker. @default none */
  readonly options?: string;
  /** Its down; null: it has none. @default something harmless */
  readonly down?: string | null;
  /** In front of the first marker. @default nothing */
  readonly head?: string;
}

/** A migration with findings. */
export function bad(sql: string, ...rules: RuleName[]): LintCase {
  return { sql, rules };
}

/** A migration without. */
export function good(sql: string): LintCase {
  return { sql, rules: [] };
}

/** A migration with `transaction:false`. */
export function free(sql: string, ...rules: RuleName[]): LintCase {
  return { sql, rules, options: "transaction:false" };
}

/** What was there before. */
const before = `
CREATE TABLE customers (id bigint PRIMARY KEY, email varchar(100) NOT NULL, name text, age int, price numeric(10,2),
  seen timestamp(3), note text, CONSTRAINT customers_name_known CHECK (name IS NOT NULL));
CREATE TABLE orders (id bigint, customer_id bigint, total int, status text);
CREATE INDEX orders_status_idx ON orders (status);
CREATE TABLE events (id bigint, at timestamptz) PARTITION BY RANGE (at);
CREATE TABLE events_old PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE MATERIALIZED VIEW totals AS SELECT 1 AS one;
CREATE VIEW open_orders AS SELECT id FROM orders;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE moods (m mood);
CREATE FUNCTION fn_plain() RETURNS text LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION fn_steady() RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT 1';
CREATE DOMAIN postcode AS text CHECK (VALUE <> '');
CREATE SEQUENCE numbers;`;

const names =
  /\b(customers|orders|events|events_old|totals|open_orders|moods?|fn_\w+|postcode|numbers|orders_status_idx)\b/g;

/** Gives a case tables of its own: all cases are one set, so that they are checked in one call. */
function apart(sql: string, index: number): string {
  return sql
    .replace(names, `$1_c${index}`)
    .replace(/\b(customers|orders)_(name_known|note_check|customer_id_fkey)\b/g, `$1_c${index}_$2`);
}

function fileOf({ sql, options = "", down = "SELECT 1;", head }: LintCase, index: number): string {
  const up = `${head === undefined ? "" : `${head}\n\n`}-- migrate:up ${options}\n${apart(sql, index)}\n`;
  return down === null ? up : `${up}\n-- migrate:down\n${apart(down, index)}\n`;
}

/** Checks all cases in one call. @returns findings per case */
export async function lintCases(cases: readonly LintCase[]): Promise<Finding[][]> {
  const number = (index: number) => String(10_000 + index);
  const dir = writeMigrations({
    "1_before.sql": `-- migrate:up\n${cases.map((_, index) => apart(before, index)).join("\n")}\n-- migrate:down\nSELECT 1;\n`,
    ...Object.fromEntries(cases.map((one, index) => [`${number(index)}_case.sql`, fileOf(one, index)])),
  });
  const source = await loadSource(dir);
  if (source.problems.length > 0) {
    throw new Error(JSON.stringify(source.problems));
  }
  const found = await lintMigrations(
    source,
    cases.map((_, index) => `${number(index)}_case`),
  );
  return cases.map((_, index) => found.filter(({ migration }) => migration === `${number(index)}_case`));
}
