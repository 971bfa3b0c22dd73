import type { Change } from "../support";

/** Schemas and tables. */
export const tablesChanges: readonly Change[] = [
  {
    sql: "ALTER SCHEMA app OWNER TO catalog_owner",
    lines: ["schema app: owner is catalog_owner in the database, postgres in the models"],
  },
  { sql: "CREATE SCHEMA other", lines: ["schema other: only in the database"] },
  {
    sql: "GRANT USAGE ON SCHEMA app TO catalog_owner",
    lines: ["grant schema app to catalog_owner: only in the database (USAGE)"],
  },
  {
    sql: "ALTER TABLE app.plain OWNER TO catalog_owner",
    lines: ["table app.plain: owner is catalog_owner in the database, postgres in the models"],
  },
  {
    sql: "ALTER TABLE app.parent SET UNLOGGED",
    lines: ["table app.parent: persistence is unlogged in the database, logged in the models"],
  },
  {
    sql: "ALTER TABLE app.plain SET (fillfactor = 70)",
    lines: ["table app.plain: options is fillfactor=70 in the database, not set in the models"],
  },
  {
    sql: "ALTER TABLE app.customers SET (toast.autovacuum_enabled = false)",
    lines: ["table app.customers: toast options is autovacuum_enabled=false in the database, not set in the models"],
  },
  {
    sql: "ALTER TABLE app.plain REPLICA IDENTITY FULL",
    lines: ["table app.plain: replica identity is full in the database, default in the models"],
  },
  {
    sql: "ALTER TABLE app.orders REPLICA IDENTITY USING INDEX orders_pair",
    lines: ["table app.orders: replica identity is index orders_pair in the database, default in the models"],
  },
  {
    sql: "ALTER TABLE app.plain ENABLE ROW LEVEL SECURITY",
    lines: ["table app.plain: row security is enabled in the database, disabled in the models"],
  },
  {
    sql: "ALTER TABLE app.plain FORCE ROW LEVEL SECURITY",
    lines: ["table app.plain: row security of the owner is forced in the database, not forced in the models"],
  },
  {
    sql: "ALTER TABLE app.child NO INHERIT app.parent",
    since: 18,
    lines: [
      "table app.child: inherits is not set in the database, app.parent in the models",
      "column app.child.a: not null constraint is parent_a_not_null in the database, not set in the models",
      "column app.child.a: not null declared here is not set in the database, no in the models",
      "column app.child.a: declared here is not set in the database, no in the models",
      "column app.child.b: declared here is not set in the database, no in the models",
      "constraint app.child.parent_a_check: declared here is not set in the database, no in the models",
    ],
  },
  {
    sql: "ALTER TABLE app.events DETACH PARTITION app.events_2024",
    since: 18,
    lines: [
      "table app.events_2024: partition of is not set in the database, app.events in the models",
      "table app.events_2024: partition bound is not set in the database, FOR VALUES FROM ('2024-01-01 00:00:00+00') TO ('2025-01-01 00:00:00+00') in the models",
      "table app.events_2024: partition detach pending is not set in the database, no in the models",
      "column app.events_2024.at: not null constraint is events_at_not_null in the database, not set in the models",
      "column app.events_2024.id: not null constraint is events_id_not_null in the database, not set in the models",
      "index app.events_2024_kind_idx: partition of is not set in the database, app.events_kind in the models",
      "index app.events_2024_pkey: partition of is not set in the database, app.events_pkey in the models",
    ],
  },
  {
    sql: "CREATE TABLE app.added (id int PRIMARY KEY, name text)",
    lines: ["table app.added: only in the database, with 2 columns, 1 constraint, 1 index"],
  },
  {
    sql: "CREATE TABLE app.listed (id int) PARTITION BY LIST (id)",
    lines: ["table app.listed: only in the database, with 1 column"],
  },
  { sql: "CREATE TABLE app.typed OF app.address", lines: ["table app.typed: only in the database, with 2 columns"] },
  {
    sql: "DROP TABLE app.orders",
    lines: [
      "table app.orders: only in the models, with 4 columns, 1 default, 1 sequence, 3 constraints, 4 indexes, 1 statistics",
    ],
  },
  { sql: 'DROP TABLE app."Odd Name"', lines: ['table app."Odd Name": only in the models, with 1 column'] },
  {
    sql: "ALTER TABLE app.plain RENAME TO plainer",
    lines: [
      "table app.plain: only in the models, with 2 columns, 1 rule",
      "published table pub app.plain: only in the models",
      "table app.plainer: only in the database, with 2 columns, 1 rule",
      "published table pub app.plainer: only in the database",
    ],
  },
  {
    sql: "UPDATE pg_class SET reltablespace = 1664 WHERE oid = 'app.plain'::regclass",
    lines: ["table app.plain: tablespace is pg_global in the database, not set in the models"],
  },
  {
    sql: "ALTER TABLE app.plain SET ACCESS METHOD heap2",
    since: 15,
    lines: ["table app.plain: access method is heap2 in the database, heap in the models"],
  },
  {
    sql: "ALTER TABLE app.plain SET SCHEMA public",
    lines: [
      "table app.plain: only in the models, with 2 columns, 1 rule",
      "published table pub app.plain: only in the models",
      "table public.plain: only in the database, with 2 columns, 1 rule",
      "published table pub public.plain: only in the database",
    ],
  },
];
