import { escapeLiteral } from "pg";

/** Where PostgreSQL keeps an object: its catalog, and SQL for its OID there and for the number of its column. */
export type Address = readonly [catalog: string, oid: string, column?: string];

/** What a query of objects is made of: SQL expressions over `from`. */
export interface ObjectQuery {
  readonly kind: string;
  readonly identity: string;
  readonly address: Address;
  /** Address of what it belongs to, if its OID is not NULL. An object whose owner is not read (an extension's table) is not read either. */
  readonly of?: Address;
  readonly facts: Readonly<Record<string, string>>;
  /** Whether comments find it at its address although it is no object of its own. @default false */
  readonly hidden?: boolean;
  /** From `FROM` to the end. */
  readonly from: string;
}

/** What is read: of which schemas, from which server. */
export interface Scope {
  readonly ignoreSchemas: readonly string[];
  /** Major version. */
  readonly version: number;
}

/** A query of objects: rows of {@link import("./rows").ObjectRow}. */
export function selectObjects(query: ObjectQuery): string {
  // Not jsonb: facts are told in the order in which they are written here.
  const facts = Object.entries(query.facts).map(([name, sql]) => `${escapeLiteral(name)}, (${sql})::text`);
  return `SELECT ${query.kind} AS kind, ${query.identity} AS identity, ${addressOf(query.address)} AS address,
    ${query.of ? addressOf(query.of) : "NULL"} AS "of", ${query.hidden === true} AS hidden,
    json_build_object(${facts.join(", ")}) AS facts
    ${query.from}`;
}

/** SQL for an address as text: the same for everything that is kept in one place; NULL when a part of it is. */
export function addressOf([catalog, oid, column = "0"]: Address): string {
  return `(${escapeLiteral(`${catalog}/`)} || ${oid} || '/' || ${column})`;
}

/** SQL condition: a schema is neither PostgreSQL's own, nor temporary, nor ignored. */
export function isRead(scope: Scope, name: string): string {
  return `(left(${name}, 3) <> 'pg_' AND ${name} <> 'information_schema' AND ${isNotIgnored(scope, name)})`;
}

/** SQL condition: a schema may be PostgreSQL's own, but is not ignored. */
export function isNotIgnored(scope: Scope, name: string): string {
  return `${name} <> ALL (ARRAY[${scope.ignoreSchemas.map((schema) => escapeLiteral(schema)).join(", ")}]::text[])`;
}

/** SQL for names joined to an identity. */
export function dotted(...names: readonly string[]): string {
  return `(${names.map((name) => `quote_ident(${name})`).join(" || '.' || ")})`;
}

/** SQL for a condition as a word. */
export function yesNo(condition: string): string {
  return `CASE WHEN ${condition} THEN 'yes' ELSE 'no' END`;
}

/** SQL for one of PostgreSQL's single letters as words. */
export function words(letter: string, meanings: Readonly<Record<string, string>>): string {
  const cases = Object.entries(meanings).map(([key, word]) => `WHEN ${escapeLiteral(key)} THEN ${escapeLiteral(word)}`);
  return `CASE (${letter})::text ${cases.join(" ")} ELSE (${letter})::text END`;
}

/** SQL for the name of a role. */
export function role(oid: string): string {
  return `pg_get_userbyid(${oid})`;
}

/**
 * SQL for options (`name=value`) in an order of their own: theirs is that of the statements that set them. Here as
 * everywhere in the collation C, for the database's own may be another one than that of the database compared with.
 */
export function sorted(options: string): string {
  return `(SELECT string_agg(item, ', ' ORDER BY item COLLATE "C") FROM unnest(${options}) AS item)`;
}

/** SQL for a reference (`regproc`, `regtype`, …) that may be empty. */
export function reference(oid: string, type: string): string {
  return `CASE WHEN ${oid} <> 0 THEN ${oid}::${type}::text END`;
}

/** SQL for a column that not every version has; NULL where it is missing. */
export function versioned(row: string, column: string): string {
  return `(to_jsonb(${row}) ->> ${escapeLiteral(column)})`;
}

/** FROM clause of what is kept in a relation of a schema that is read: `c` its relation, `n` the schema. */
export function ofRelations(scope: Scope, table: string, join: string): string {
  return `FROM ${table} JOIN pg_class c ON c.oid = ${join} JOIN pg_namespace n ON n.oid = c.relnamespace
    AND c.relpersistence <> 't' AND ${isRead(scope, "n.nspname")}`;
}
