import type { Change } from "../support";

/** Grants, default privileges, and what is no part of a schema. */
export const grantsChanges: readonly Change[] = [
  {
    sql: "GRANT INSERT, UPDATE ON app.plain TO catalog_owner",
    lines: ["grant table app.plain to catalog_owner: only in the database (INSERT, UPDATE)"],
  },
  {
    sql: "GRANT SELECT ON app.plain TO catalog_owner WITH GRANT OPTION",
    lines: ["grant table app.plain to catalog_owner: only in the database (SELECT with grant option)"],
  },
  {
    sql: "GRANT SELECT (id, v) ON app.plain TO catalog_owner",
    lines: [
      "grant column app.plain.id to catalog_owner: only in the database (SELECT)",
      "grant column app.plain.v to catalog_owner: only in the database (SELECT)",
    ],
  },
  {
    sql: "GRANT SELECT (id) ON app.totals TO catalog_owner",
    lines: ["grant column app.totals.id to catalog_owner: only in the database (SELECT)"],
  },
  {
    sql: "REVOKE SELECT ON app.customers FROM PUBLIC",
    lines: ["grant table app.customers to PUBLIC: only in the models (SELECT)"],
  },
  {
    sql: "REVOKE UPDATE ON SEQUENCE app.numbers FROM CURRENT_USER",
    lines: [
      "grant sequence app.numbers to its owner: privileges is SELECT, USAGE in the database, SELECT, UPDATE, USAGE in the models",
    ],
  },
  {
    sql: "GRANT USAGE ON SEQUENCE app.numbers TO catalog_owner",
    lines: ["grant sequence app.numbers to catalog_owner: only in the database (USAGE)"],
  },
  {
    sql: "REVOKE EXECUTE ON FUNCTION app.add(int, int) FROM PUBLIC",
    lines: ["grant function app.add(integer,integer) to PUBLIC: only in the models (EXECUTE)"],
  },
  {
    sql: "REVOKE USAGE ON TYPE app.mood FROM PUBLIC",
    lines: ["grant enum app.mood to PUBLIC: only in the models (USAGE)"],
  },
  {
    sql: "GRANT USAGE ON FOREIGN SERVER remote TO catalog_owner",
    lines: ["grant server remote to catalog_owner: only in the database (USAGE)"],
  },
  {
    sql: "GRANT USAGE ON FOREIGN DATA WRAPPER fdw TO catalog_owner",
    lines: ["grant foreign-data wrapper fdw to catalog_owner: only in the database (USAGE)"],
  },
  {
    sql: "CREATE OR REPLACE TRUSTED LANGUAGE mylang HANDLER plpgsql_call_handler; REVOKE USAGE ON LANGUAGE mylang FROM PUBLIC",
    lines: [
      "language mylang: trusted is yes in the database, no in the models",
      "grant language mylang to PUBLIC: only in the models (USAGE)",
    ],
  },
  {
    sql: "GRANT USAGE ON SCHEMA app TO catalog_owner; GRANT SELECT ON app.plain TO catalog_owner WITH GRANT OPTION; SET ROLE catalog_owner; GRANT SELECT ON app.plain TO catalog_super; RESET ROLE",
    lines: [
      "grant schema app to catalog_owner: only in the database (USAGE)",
      "grant table app.plain to catalog_owner: only in the database (SELECT with grant option)",
      "grant table app.plain to catalog_super: only in the database (SELECT granted by catalog_owner)",
    ],
  },
  {
    sql: "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO catalog_owner",
    lines: ["default privileges of postgres in app on tables to catalog_owner: only in the database (SELECT)"],
  },
  {
    sql: "ALTER DEFAULT PRIVILEGES FOR ROLE catalog_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
    lines: ["default privileges of catalog_owner on functions to PUBLIC: only in the database (none)"],
  },
  {
    sql: "ALTER FUNCTION app.add(int, int) DEPENDS ON EXTENSION pgcrypto",
    lines: ["extension dependency function app.add(integer,integer) on pgcrypto: only in the database"],
  },
  { sql: "INSERT INTO app.plain VALUES (1, 2)", lines: [] },
  { sql: "CREATE TEMPORARY TABLE customers (id int)", lines: [] },
  { sql: "ALTER ROLE catalog_owner SET work_mem = '1MB'", lines: [] },
  {
    sql: "INSERT INTO pg_seclabel VALUES ('app.plain'::regclass, 'pg_class'::regclass, 2, 'selinux', 'secret')",
    lines: ["security label column app.plain.v by selinux: only in the database"],
  },
  {
    sql: "ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO catalog_owner",
    lines: ["default privileges of postgres on schemas to catalog_owner: only in the database (USAGE)"],
  },
];
