import type { Change } from "../support";

/** Constraints, indexes, sequences. */
export const constraintsChanges: readonly Change[] = [
  {
    sql: "ALTER TABLE app.child ADD CONSTRAINT parent_a_check CHECK (a > 0)",
    lines: ["constraint app.child.parent_a_check: declared here is yes in the database, no in the models"],
  },
  {
    sql: "ALTER TABLE app.child ADD CONSTRAINT own_check CHECK (c > 0) NO INHERIT",
    lines: ["constraint app.child.own_check: only in the database (CHECK ((c > 0)) NO INHERIT)"],
  },
  {
    sql: "ALTER TABLE app.customers DROP CONSTRAINT customers_total_check, ADD CONSTRAINT customers_total_check CHECK (total > 0)",
    lines: [
      "constraint app.customers.customers_total_check: definition is CHECK ((total > (0)::numeric)) in the database, CHECK ((total >= (0)::numeric)) in the models",
    ],
  },
  {
    sql: "ALTER TABLE app.customers RENAME CONSTRAINT customers_total_check TO total_check",
    lines: [
      "constraint app.customers.customers_total_check: only in the models (CHECK ((total >= (0)::numeric)))",
      "constraint app.customers.total_check: only in the database (CHECK ((total >= (0)::numeric)))",
    ],
  },
  {
    sql: "ALTER TABLE app.plain ADD CONSTRAINT v_check CHECK (v > 0) NOT VALID",
    lines: ["constraint app.plain.v_check: only in the database (CHECK ((v > 0)) NOT VALID)"],
  },
  {
    sql: "ALTER TABLE app.orders DROP CONSTRAINT orders_customer_id_fkey, ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES app.customers (id) ON DELETE CASCADE",
    lines: [
      "constraint app.orders.orders_customer_id_fkey: definition is FOREIGN KEY (customer_id) REFERENCES app.customers(id) ON DELETE CASCADE in the database, FOREIGN KEY (customer_id) REFERENCES app.customers(id) in the models",
    ],
  },
  {
    sql: "ALTER TABLE app.orders ALTER CONSTRAINT orders_customer_id_fkey DEFERRABLE INITIALLY DEFERRED",
    lines: [
      "constraint app.orders.orders_customer_id_fkey: definition is FOREIGN KEY (customer_id) REFERENCES app.customers(id) DEFERRABLE INITIALLY DEFERRED in the database, FOREIGN KEY (customer_id) REFERENCES app.customers(id) in the models",
    ],
  },
  {
    sql: "ALTER TABLE app.orders ALTER CONSTRAINT orders_customer_id_fkey NOT ENFORCED",
    since: 18,
    lines: [
      "constraint app.orders.orders_customer_id_fkey: definition is FOREIGN KEY (customer_id) REFERENCES app.customers(id) NOT ENFORCED in the database, FOREIGN KEY (customer_id) REFERENCES app.customers(id) in the models",
    ],
  },
  {
    sql: "ALTER TABLE app.customers DROP CONSTRAINT customers_email_key",
    lines: ["constraint app.customers.customers_email_key: only in the models (UNIQUE (email)), with 1 index"],
  },
  {
    sql: "ALTER TABLE app.orders DROP CONSTRAINT orders_during_excl",
    lines: [
      "constraint app.orders.orders_during_excl: only in the models (EXCLUDE USING gist (during WITH &&)), with 1 index",
    ],
  },
  {
    sql: "ALTER INDEX app.customers_email_key SET (fillfactor = 50)",
    lines: ["index app.customers_email_key: options is fillfactor=50 in the database, not set in the models"],
  },
  {
    sql: "ALTER TABLE app.plain ADD CONSTRAINT plain_key UNIQUE NULLS NOT DISTINCT (v)",
    since: 15,
    lines: ["constraint app.plain.plain_key: only in the database (UNIQUE NULLS NOT DISTINCT (v)), with 1 index"],
  },
  {
    sql: "CREATE INDEX plain_v ON app.plain (v DESC) INCLUDE (id) WHERE v > 0",
    lines: ["index app.plain_v: only in the database"],
  },
  {
    sql: "DROP INDEX app.orders_label",
    lines: [
      "index app.orders_label: only in the models (CREATE INDEX orders_label ON app.orders USING btree (lower(label)))",
    ],
  },
  {
    sql: "DROP INDEX app.orders_label; CREATE INDEX orders_label ON app.orders (upper(label))",
    lines: [
      "index app.orders_label: definition is CREATE INDEX orders_label ON app.orders USING btree (upper(label)) in the database, CREATE INDEX orders_label ON app.orders USING btree (lower(label)) in the models",
    ],
  },
  {
    sql: "ALTER INDEX app.orders_label RENAME TO label",
    lines: [
      "index app.orders_label: only in the models (CREATE INDEX orders_label ON app.orders USING btree (lower(label)))",
      "index app.label: only in the database (CREATE INDEX label ON app.orders USING btree (lower(label)))",
    ],
  },
  {
    sql: "ALTER INDEX app.orders_label SET (fillfactor = 50)",
    lines: [
      "index app.orders_label: definition is CREATE INDEX orders_label ON app.orders USING btree (lower(label)) WITH (fillfactor='50') in the database, CREATE INDEX orders_label ON app.orders USING btree (lower(label)) in the models",
    ],
  },
  {
    sql: "ALTER INDEX app.orders_label ALTER COLUMN 1 SET STATISTICS 500",
    lines: ["index app.orders_label: statistics targets is 1: 500 in the database, not set in the models"],
  },
  {
    sql: "ALTER TABLE app.orders CLUSTER ON orders_pair",
    lines: ["index app.orders_pair: clustered is yes in the database, no in the models"],
  },
  {
    sql: "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'app.orders_pair'::regclass",
    lines: ["index app.orders_pair: valid is no in the database, yes in the models"],
  },
  {
    sql: "UPDATE pg_index SET indisready = false WHERE indexrelid = 'app.orders_pair'::regclass",
    lines: ["index app.orders_pair: ready is no in the database, yes in the models"],
  },
  {
    sql: "ALTER INDEX app.events_2024_kind_idx RENAME TO kind_2024",
    lines: [
      "index app.events_2024_kind_idx: only in the models (CREATE INDEX events_2024_kind_idx ON app.events_2024 USING btree (kind))",
      "index app.kind_2024: only in the database (CREATE INDEX kind_2024 ON app.events_2024 USING btree (kind))",
    ],
  },
  {
    sql: "ALTER SEQUENCE app.numbers AS bigint",
    lines: ["sequence app.numbers: type is bigint in the database, integer in the models"],
  },
  {
    sql: "ALTER SEQUENCE app.numbers START 5",
    lines: ["sequence app.numbers: start is 5 in the database, 3 in the models"],
  },
  {
    sql: "ALTER SEQUENCE app.numbers INCREMENT 5",
    lines: ["sequence app.numbers: increment is 5 in the database, 2 in the models"],
  },
  {
    sql: "ALTER SEQUENCE app.numbers MINVALUE 0",
    lines: ["sequence app.numbers: minimum is 0 in the database, 1 in the models"],
  },
  {
    sql: "ALTER SEQUENCE app.numbers MAXVALUE 999",
    lines: ["sequence app.numbers: maximum is 999 in the database, 1000 in the models"],
  },
  {
    sql: "ALTER SEQUENCE app.numbers CACHE 9",
    lines: ["sequence app.numbers: cache is 9 in the database, 4 in the models"],
  },
  {
    sql: "ALTER SEQUENCE app.numbers CYCLE",
    lines: ["sequence app.numbers: cycle is yes in the database, no in the models"],
  },
  {
    sql: "ALTER SEQUENCE app.numbers OWNED BY app.plain.id",
    lines: ["sequence app.numbers: owned by is app.plain.id in the database, not set in the models"],
  },
  {
    sql: "ALTER SEQUENCE app.numbers SET UNLOGGED",
    since: 15,
    lines: ["sequence app.numbers: persistence is unlogged in the database, logged in the models"],
  },
  { sql: "SELECT nextval('app.numbers')", lines: [] },
  {
    sql: "UPDATE pg_class SET reltablespace = 1664 WHERE oid = 'app.orders_label'::regclass",
    lines: ["index app.orders_label: tablespace is pg_global in the database, not set in the models"],
  },
];
