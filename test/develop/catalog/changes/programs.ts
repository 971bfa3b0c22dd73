import type { Change } from "../support";

/** Views, functions, triggers, rules, policies. */
export const programsChanges: readonly Change[] = [
  {
    sql: "CREATE OR REPLACE VIEW app.totals AS SELECT id, total FROM app.customers WHERE total > 20",
    since: 16,
    lines: [
      "view app.totals: definition differs (- in the models, + in the database):",
      "    …",
      "          total",
      "         FROM app.customers",
      "    -   WHERE (total > (10)::numeric);",
      "    +   WHERE (total > (20)::numeric);",
    ],
  },
  {
    sql: "ALTER VIEW app.totals SET (security_barrier = true)",
    lines: ["view app.totals: options is security_barrier=true in the database, not set in the models"],
  },
  {
    sql: "ALTER VIEW app.totals OWNER TO catalog_owner",
    lines: ["view app.totals: owner is catalog_owner in the database, postgres in the models"],
  },
  { sql: "DROP VIEW app.totals", lines: ["view app.totals: only in the models"] },
  {
    sql: "ALTER MATERIALIZED VIEW app.summary SET (fillfactor = 50)",
    lines: ["materialized view app.summary: options is fillfactor=50 in the database, not set in the models"],
  },
  {
    sql: "ALTER MATERIALIZED VIEW app.summary ALTER COLUMN name SET STATISTICS 7",
    lines: [
      "materialized view app.summary: column settings is name statistics 7 in the database, not set in the models",
    ],
  },
  {
    sql: "DROP INDEX app.summary_name",
    lines: [
      "index app.summary_name: only in the models (CREATE UNIQUE INDEX summary_name ON app.summary USING btree (name))",
    ],
  },
  { sql: "REFRESH MATERIALIZED VIEW app.summary WITH NO DATA", lines: [] },
  {
    sql: `CREATE OR REPLACE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.note := 'touched again';
  RETURN NEW;
END
$$`,
    lines: [
      "function app.touch(): definition differs (- in the models, + in the database):",
      "    …",
      "      AS $function$",
      "      BEGIN",
      "    -   NEW.note := 'touched';",
      "    +   NEW.note := 'touched again';",
      "        RETURN NEW;",
      "      END",
      "    …",
    ],
  },
  {
    sql: "ALTER FUNCTION app.add(int, int) STABLE",
    lines: [
      "function app.add(integer,integer): definition differs (- in the models, + in the database):",
      "    …",
      "       RETURNS integer",
      "       LANGUAGE sql",
      "    -  IMMUTABLE",
      "    +  STABLE",
      "      AS $function$ SELECT a + b $function$",
    ],
  },
  {
    sql: "ALTER FUNCTION app.add(int, int) COST 7",
    lines: [
      "function app.add(integer,integer): definition differs (- in the models, + in the database):",
      "    …",
      "       RETURNS integer",
      "       LANGUAGE sql",
      "    -  IMMUTABLE",
      "    +  IMMUTABLE COST 7",
      "      AS $function$ SELECT a + b $function$",
    ],
  },
  {
    sql: "ALTER FUNCTION app.add(int, int) LEAKPROOF",
    lines: [
      "function app.add(integer,integer): definition differs (- in the models, + in the database):",
      "    …",
      "       RETURNS integer",
      "       LANGUAGE sql",
      "    -  IMMUTABLE",
      "    +  IMMUTABLE LEAKPROOF",
      "      AS $function$ SELECT a + b $function$",
    ],
  },
  {
    sql: "ALTER FUNCTION app.add(int, int) PARALLEL SAFE",
    lines: [
      "function app.add(integer,integer): definition differs (- in the models, + in the database):",
      "    …",
      "       RETURNS integer",
      "       LANGUAGE sql",
      "    -  IMMUTABLE",
      "    +  IMMUTABLE PARALLEL SAFE",
      "      AS $function$ SELECT a + b $function$",
    ],
  },
  {
    sql: "ALTER FUNCTION app.add(int, int) SECURITY DEFINER",
    lines: [
      "function app.add(integer,integer): definition differs (- in the models, + in the database):",
      "    …",
      "       RETURNS integer",
      "       LANGUAGE sql",
      "    -  IMMUTABLE",
      "    +  IMMUTABLE SECURITY DEFINER",
      "      AS $function$ SELECT a + b $function$",
    ],
  },
  {
    sql: "ALTER FUNCTION app.add(int, int) SET work_mem = '1MB'",
    lines: [
      "function app.add(integer,integer): definition differs (- in the models, + in the database):",
      "    …",
      "       LANGUAGE sql",
      "       IMMUTABLE",
      "    +  SET work_mem TO '1MB'",
      "      AS $function$ SELECT a + b $function$",
    ],
  },
  {
    sql: "ALTER FUNCTION app.add(int, int) SUPPORT generate_series_int4_support",
    lines: [
      "function app.add(integer,integer): definition differs (- in the models, + in the database):",
      "    …",
      "       RETURNS integer",
      "       LANGUAGE sql",
      "    -  IMMUTABLE",
      "    +  IMMUTABLE SUPPORT generate_series_int4_support",
      "      AS $function$ SELECT a + b $function$",
    ],
  },
  {
    sql: "ALTER FUNCTION app.add(text, text) OWNER TO catalog_owner",
    lines: ["function app.add(text,text): owner is catalog_owner in the database, postgres in the models"],
  },
  { sql: "DROP FUNCTION app.add(text, text)", lines: ["function app.add(text,text): only in the models"] },
  {
    sql: "CREATE FUNCTION app.add(a int, b int, c int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$",
    lines: ["function app.add(integer,integer,integer): only in the database"],
  },
  {
    sql: "CREATE OR REPLACE PROCEDURE app.run(n int) LANGUAGE sql AS $$ SELECT n + 1 $$",
    lines: [
      "procedure app.run(integer): definition differs (- in the models, + in the database):",
      "      CREATE OR REPLACE PROCEDURE app.run(IN n integer)",
      "       LANGUAGE sql",
      "    - AS $procedure$ SELECT n $procedure$",
      "    + AS $procedure$ SELECT n + 1 $procedure$",
    ],
  },
  {
    sql: "DROP AGGREGATE app.summed(int); CREATE AGGREGATE app.summed(int) (SFUNC = app.step, STYPE = int, INITCOND = '1', PARALLEL = SAFE, COMBINEFUNC = app.step)",
    lines: [
      "aggregate app.summed(integer): parallel is safe in the database, unsafe in the models",
      "aggregate app.summed(integer): initial value is 1 in the database, 0 in the models",
      "aggregate app.summed(integer): combine function is app.step(integer,integer) in the database, not set in the models",
    ],
  },
  {
    sql: "DROP TRIGGER touch ON app.customers; CREATE TRIGGER touch BEFORE UPDATE OF note ON app.customers FOR EACH ROW EXECUTE FUNCTION app.touch()",
    lines: [
      "trigger app.customers.touch: definition is CREATE TRIGGER touch BEFORE UPDATE OF note ON app.customers FOR EACH ROW EXECUTE FUNCTION app.touch() in the database, CREATE TRIGGER touch BEFORE UPDATE ON app.customers FOR EACH ROW EXECUTE FUNCTION app.touch() in the models",
    ],
  },
  {
    sql: "ALTER TABLE app.customers DISABLE TRIGGER touch",
    lines: ["trigger app.customers.touch: enabled is no in the database, yes in the models"],
  },
  {
    sql: "ALTER TABLE app.customers ENABLE ALWAYS TRIGGER touch",
    lines: ["trigger app.customers.touch: enabled is always in the database, yes in the models"],
  },
  {
    sql: "ALTER TABLE app.events_2024 DISABLE TRIGGER part_touch",
    lines: ["trigger app.events_2024.part_touch: only in the database"],
  },
  {
    sql: "CREATE CONSTRAINT TRIGGER later AFTER INSERT ON app.plain DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.touch()",
    lines: ["trigger app.plain.later: only in the database"],
  },
  { sql: "DROP TRIGGER touch ON app.customers", lines: ["trigger app.customers.touch: only in the models"] },
  {
    sql: "CREATE OR REPLACE RULE no_delete AS ON DELETE TO app.plain DO ALSO NOTHING",
    lines: [
      "rule app.plain.no_delete: definition differs (- in the models, + in the database):",
      "      CREATE RULE no_delete AS",
      "    -     ON DELETE TO app.plain DO INSTEAD NOTHING;",
      "    +     ON DELETE TO app.plain DO NOTHING;",
    ],
  },
  {
    sql: "ALTER TABLE app.plain DISABLE RULE no_delete",
    lines: ["rule app.plain.no_delete: enabled is no in the database, yes in the models"],
  },
  {
    sql: "ALTER EVENT TRIGGER ddl ENABLE ALWAYS",
    lines: ["event trigger ddl: enabled is always in the database, no in the models"],
  },
  {
    sql: "ALTER EVENT TRIGGER ddl OWNER TO catalog_super",
    lines: ["event trigger ddl: owner is catalog_super in the database, postgres in the models"],
  },
  { sql: "DROP EVENT TRIGGER ddl", lines: ["event trigger ddl: only in the models"] },
  {
    sql: "ALTER POLICY own ON app.customers USING (id > 1)",
    lines: ["policy app.customers.own: using is (id > 1) in the database, (id > 0) in the models"],
  },
  {
    sql: "ALTER POLICY own ON app.customers TO catalog_owner",
    lines: ["policy app.customers.own: roles is catalog_owner in the database, PUBLIC in the models"],
  },
  {
    sql: "DROP POLICY own ON app.customers; CREATE POLICY own ON app.customers AS RESTRICTIVE FOR UPDATE USING (id > 0) WITH CHECK (id > 2)",
    lines: [
      "policy app.customers.own: command is update in the database, select in the models",
      "policy app.customers.own: permissive is no, restrictive in the database, yes in the models",
      "policy app.customers.own: with check is (id > 2) in the database, not set in the models",
    ],
  },
];
