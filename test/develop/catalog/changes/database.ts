import type { Change } from "../support";

/** What is in no schema, and foreign tables. */
export const databaseChanges: readonly Change[] = [
  {
    sql: "ALTER FOREIGN DATA WRAPPER fdw OPTIONS (SET debug 'false')",
    lines: ["foreign-data wrapper fdw: options is debug=false in the database, debug=true in the models"],
  },
  {
    sql: "ALTER FOREIGN DATA WRAPPER fdw VALIDATOR postgresql_fdw_validator",
    lines: [
      "foreign-data wrapper fdw: validator is postgresql_fdw_validator(text[],oid) in the database, not set in the models",
    ],
  },
  {
    sql: "ALTER SERVER remote OPTIONS (SET host 'b')",
    lines: ["server remote: options is host=b, password in the database, host=a, password in the models"],
  },
  { sql: "ALTER SERVER remote OPTIONS (SET password 'other')", lines: [] },
  {
    sql: "ALTER SERVER remote OPTIONS (DROP password)",
    lines: ["server remote: options is host=a in the database, host=a, password in the models"],
  },
  { sql: "ALTER SERVER remote VERSION '2'", lines: ["server remote: version is 2 in the database, 1 in the models"] },
  { sql: "ALTER USER MAPPING FOR PUBLIC SERVER remote OPTIONS (SET password 'other')", lines: [] },
  {
    sql: "ALTER USER MAPPING FOR PUBLIC SERVER remote OPTIONS (ADD \"user\" 'u')",
    lines: ["user mapping for PUBLIC server remote: options is password, user in the database, password in the models"],
  },
  {
    sql: "CREATE USER MAPPING FOR catalog_owner SERVER remote",
    lines: ["user mapping for catalog_owner server remote: only in the database"],
  },
  {
    sql: "ALTER FOREIGN TABLE app.far OPTIONS (SET table_name 'u')",
    lines: ["foreign table app.far: foreign options is table_name=u in the database, table_name=t in the models"],
  },
  {
    sql: "ALTER FOREIGN TABLE app.far ALTER COLUMN id OPTIONS (SET column_name 'y')",
    lines: ["column app.far.id: foreign options is column_name=y in the database, column_name=x in the models"],
  },
  {
    sql: "ALTER PUBLICATION pub ADD TABLE app.parent",
    lines: [
      "published table pub app.child: only in the database",
      "published table pub app.parent: only in the database",
    ],
  },
  {
    sql: "ALTER PUBLICATION pub SET (publish = 'insert', publish_via_partition_root = true)",
    lines: [
      "publication pub: operations is insert in the database, insert, update, delete, truncate in the models",
      "publication pub: via partition root is yes in the database, no in the models",
    ],
  },
  {
    sql: "ALTER PUBLICATION pub SET TABLE app.plain (id) WHERE (id > 0)",
    since: 15,
    lines: [
      "published table pub app.plain: columns is id in the database, not set in the models",
      "published table pub app.plain: filter is (id > 0) in the database, not set in the models",
    ],
  },
  {
    sql: "ALTER PUBLICATION pub ADD TABLES IN SCHEMA app",
    since: 15,
    lines: ["published schema pub app: only in the database"],
  },
  {
    sql: "ALTER PUBLICATION pub SET (publish_generated_columns = stored)",
    since: 18,
    lines: ["publication pub: generated columns is stored in the database, none in the models"],
  },
  { sql: "CREATE PUBLICATION every FOR ALL TABLES", lines: ["publication every: only in the database"] },
  {
    sql: "CREATE SUBSCRIPTION sub CONNECTION 'dbname=x password=hunter2' PUBLICATION p WITH (connect = false, slot_name = NONE)",
    lines: ["subscription sub: only in the database"],
  },
  {
    sql: "ALTER LANGUAGE mylang OWNER TO catalog_owner",
    lines: ["language mylang: owner is catalog_owner in the database, postgres in the models"],
  },
  {
    sql: "CREATE OR REPLACE TRUSTED LANGUAGE mylang HANDLER plpgsql_call_handler",
    lines: ["language mylang: trusted is yes in the database, no in the models"],
  },
  { sql: "DROP TRANSFORM FOR int LANGUAGE sql", lines: ["transform for integer language sql: only in the models"] },
  { sql: "DROP ACCESS METHOD heap2", lines: ["access method heap2: only in the models"] },
  { sql: "DROP EXTENSION pgcrypto", lines: ["extension pgcrypto: only in the models, with 1 comment"] },
  {
    sql: "ALTER EXTENSION pgcrypto SET SCHEMA public",
    lines: ["extension pgcrypto: schema is public in the database, app in the models"],
  },
  {
    sql: 'ALTER EXTENSION pgcrypto ADD TABLE app."Odd Name"',
    lines: ['table app."Odd Name": only in the models, with 1 column'],
  },
];
