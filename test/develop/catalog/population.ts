/** A schema that has at least one of everything that the catalog tells of, so that a row can change any one of them. */
export const population = `
CREATE SCHEMA app;
CREATE TABLE app.customers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email varchar(100) NOT NULL,
  name text COLLATE "C" DEFAULT 'nobody',
  total numeric(10,2) NOT NULL DEFAULT 0,
  note text,
  state text,
  doubled numeric GENERATED ALWAYS AS (total * 2) STORED,
  CONSTRAINT customers_total_check CHECK (total >= 0),
  CONSTRAINT customers_email_key UNIQUE (email)
);
CREATE TABLE app.orders (
  id serial PRIMARY KEY,
  customer_id bigint NOT NULL CONSTRAINT orders_customer_id_fkey REFERENCES app.customers (id),
  during tsrange,
  label text NOT NULL,
  CONSTRAINT orders_during_excl EXCLUDE USING gist (during WITH &&)
);
CREATE INDEX orders_label ON app.orders (lower(label));
CREATE UNIQUE INDEX orders_pair ON app.orders (customer_id, label);
CREATE TABLE app."Odd Name" ("Odd Column" int);
CREATE TABLE app.parent (a int NOT NULL, b int, CONSTRAINT parent_a_check CHECK (a > 0));
CREATE TABLE app.child (c int) INHERITS (app.parent);
CREATE TABLE app.events (id int NOT NULL, at timestamptz NOT NULL, kind text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE INDEX events_kind ON app.events (kind);
CREATE TABLE app.events_2024 PARTITION OF app.events FOR VALUES FROM ('2024-01-01 00:00+00') TO ('2025-01-01 00:00+00');
CREATE TABLE app.plain (id int, v int);
CREATE SEQUENCE app.numbers AS integer INCREMENT 2 MINVALUE 1 MAXVALUE 1000 START 3 CACHE 4;
CREATE VIEW app.totals AS SELECT id, total FROM app.customers WHERE total > 10;
CREATE MATERIALIZED VIEW app.summary AS SELECT name, count(*) AS n FROM app.customers GROUP BY name;
CREATE UNIQUE INDEX summary_name ON app.summary (name);
CREATE FUNCTION app.add(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT a + b $$;
CREATE FUNCTION app.add(a text, b text) RETURNS text LANGUAGE sql AS $$ SELECT a || b $$;
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.note := 'touched';
  RETURN NEW;
END
$$;
CREATE FUNCTION app.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;
CREATE PROCEDURE app.run(n int) LANGUAGE sql AS $$ SELECT n $$;
CREATE FUNCTION app.step(state int, value int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT coalesce(state, 0) + value $$;
CREATE AGGREGATE app.summed(int) (SFUNC = app.step, STYPE = int, INITCOND = '0');
CREATE TRIGGER touch BEFORE UPDATE ON app.customers FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE TRIGGER part_touch AFTER INSERT ON app.events FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE RULE no_delete AS ON DELETE TO app.plain DO INSTEAD NOTHING;
CREATE EVENT TRIGGER ddl ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION app.on_ddl();
ALTER EVENT TRIGGER ddl DISABLE;
CREATE POLICY own ON app.customers FOR SELECT TO PUBLIC USING (id > 0);
CREATE TYPE app.mood AS ENUM ('sad', 'ok');
CREATE DOMAIN app.positive AS int DEFAULT 1 CONSTRAINT positive_check CHECK (VALUE > 0);
CREATE TYPE app.address AS (street text, number int);
CREATE TYPE app.span AS RANGE (subtype = float8, multirange_type_name = app.spans);
CREATE TYPE app.shell;
CREATE TYPE app.raw;
CREATE FUNCTION app.raw_in(cstring) RETURNS app.raw LANGUAGE internal STRICT IMMUTABLE AS 'int4in';
CREATE FUNCTION app.raw_out(app.raw) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'int4out';
CREATE TYPE app.raw (INPUT = app.raw_in, OUTPUT = app.raw_out, INTERNALLENGTH = 4, PASSEDBYVALUE, ALIGNMENT = int4);
CREATE COLLATION app.plain_order FROM "C";
CREATE FUNCTION app.to_mood(int) RETURNS app.mood LANGUAGE sql IMMUTABLE AS $$ SELECT 'ok'::app.mood $$;
CREATE CAST (int AS app.mood) WITH FUNCTION app.to_mood(int);
CREATE FUNCTION app.near(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT abs($1 - $2) < 2 $$;
CREATE OPERATOR app.=~= (LEFTARG = int, RIGHTARG = int, FUNCTION = app.near, COMMUTATOR = OPERATOR(app.=~=));
CREATE OPERATOR FAMILY app.loose USING btree;
CREATE OPERATOR CLASS app.int_ops FOR TYPE int USING btree FAMILY app.loose AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int, int);
CREATE CONVERSION app.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE TEXT SEARCH TEMPLATE app.tmpl (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY app.dict (TEMPLATE = simple, accept = true);
CREATE TEXT SEARCH PARSER app.parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH CONFIGURATION app.config (PARSER = default);
ALTER TEXT SEARCH CONFIGURATION app.config ADD MAPPING FOR word WITH simple;
CREATE STATISTICS app.stats (dependencies) ON customer_id, label FROM app.orders;
CREATE FOREIGN DATA WRAPPER fdw OPTIONS (debug 'true');
CREATE SERVER remote TYPE 'pg' VERSION '1' FOREIGN DATA WRAPPER fdw OPTIONS (host 'a', password 'hunter2');
CREATE USER MAPPING FOR PUBLIC SERVER remote OPTIONS (password 'hunter2');
CREATE FOREIGN TABLE app.far (id int OPTIONS (column_name 'x')) SERVER remote OPTIONS (table_name 't');
CREATE PUBLICATION pub FOR TABLE app.plain;
CREATE LANGUAGE mylang HANDLER plpgsql_call_handler;
CREATE FUNCTION app.int_from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'prsd_lextype';
CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION app.int_from_sql(internal));
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE EXTENSION pgcrypto SCHEMA app;
COMMENT ON TABLE app.customers IS 'customers';
GRANT SELECT ON app.customers TO PUBLIC;
`;
