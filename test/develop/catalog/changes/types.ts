import type { Change } from "../support";

/** Types, operators, text search, statistics. */
export const typesChanges: readonly Change[] = [
  {
    sql: "ALTER TYPE app.mood ADD VALUE 'happy' BEFORE 'ok'",
    lines: ["enum app.mood: labels is 'sad', 'happy', 'ok' in the database, 'sad', 'ok' in the models"],
  },
  {
    sql: "ALTER TYPE app.mood RENAME VALUE 'ok' TO 'fine'",
    lines: ["enum app.mood: labels is 'sad', 'fine' in the database, 'sad', 'ok' in the models"],
  },
  {
    sql: "ALTER DOMAIN app.positive SET DEFAULT 2",
    lines: ["domain app.positive: default is 2 in the database, 1 in the models"],
  },
  {
    sql: "ALTER DOMAIN app.positive SET NOT NULL",
    lines: ["domain app.positive: not null is yes in the database, no in the models"],
  },
  {
    sql: "ALTER DOMAIN app.positive DROP CONSTRAINT positive_check",
    lines: ["constraint app.positive.positive_check: only in the models (CHECK ((VALUE > 0)))"],
  },
  {
    sql: "ALTER DOMAIN app.positive ADD CONSTRAINT small CHECK (VALUE < 9) NOT VALID",
    lines: ["constraint app.positive.small: only in the database (CHECK ((VALUE < 9)) NOT VALID)"],
  },
  {
    sql: "DROP DOMAIN app.positive; CREATE DOMAIN app.positive AS bigint DEFAULT 1 CONSTRAINT positive_check CHECK (VALUE > 0)",
    lines: ["domain app.positive: type is bigint in the database, integer in the models"],
  },
  {
    sql: "ALTER TYPE app.address ADD ATTRIBUTE city text",
    lines: [
      "composite type app.address: attributes is street text, number integer, city text in the database, street text, number integer in the models",
    ],
  },
  {
    sql: "DROP TYPE app.address; CREATE TYPE app.address AS (number int, street text)",
    lines: [
      "composite type app.address: attributes is number integer, street text in the database, street text, number integer in the models",
    ],
  },
  {
    sql: 'ALTER TYPE app.address ALTER ATTRIBUTE street TYPE text COLLATE "C"',
    lines: [
      'composite type app.address: attributes is street text COLLATE "C", number integer in the database, street text, number integer in the models',
    ],
  },
  {
    sql: "DROP TYPE app.span; CREATE TYPE app.span AS RANGE (subtype = float8, subtype_diff = float8mi, multirange_type_name = app.spans)",
    lines: [
      "range type app.span: difference function is float8mi(double precision,double precision) in the database, not set in the models",
    ],
  },
  {
    sql: "DROP TYPE app.span; CREATE TYPE app.span AS RANGE (subtype = float8, multirange_type_name = app.spanned)",
    lines: ["range type app.span: multirange type is app.spanned in the database, app.spans in the models"],
  },
  { sql: "DROP TYPE app.shell", lines: ["shell type app.shell: only in the models"] },
  {
    sql: "ALTER TYPE app.raw SET (RECEIVE = NONE, STORAGE = plain, ANALYZE = ts_typanalyze)",
    lines: ["base type app.raw: analyze is ts_typanalyze(internal) in the database, not set in the models"],
  },
  {
    sql: 'DROP COLLATION app.plain_order; CREATE COLLATION app.plain_order FROM "POSIX"',
    lines: [
      "collation app.plain_order: collate is POSIX in the database, C in the models",
      "collation app.plain_order: ctype is POSIX in the database, C in the models",
    ],
  },
  {
    sql: "CREATE COLLATION app.icu (provider = icu, locale = 'de', deterministic = false)",
    lines: ["collation app.icu: only in the database"],
  },
  {
    sql: "DROP CAST (int AS app.mood); CREATE CAST (int AS app.mood) WITH FUNCTION app.to_mood(int) AS ASSIGNMENT",
    lines: ["cast (integer AS app.mood): context is assignment in the database, explicit in the models"],
  },
  { sql: "DROP CAST (int AS app.mood)", lines: ["cast (integer AS app.mood): only in the models"] },
  {
    sql: "DROP OPERATOR app.=~= (int, int); CREATE OPERATOR app.=~= (LEFTARG = int, RIGHTARG = int, FUNCTION = app.near, RESTRICT = eqsel)",
    lines: [
      "operator app.=~=(integer,integer): commutator is not set in the database, app.=~=(integer,integer) in the models",
      "operator app.=~=(integer,integer): restriction estimator is eqsel(internal,oid,internal,integer) in the database, not set in the models",
    ],
  },
  {
    sql: "ALTER OPERATOR FAMILY app.loose USING btree ADD OPERATOR 1 < (int, bigint)",
    lines: [
      "operator family app.loose using btree: operators differs (- in the models, + in the database):",
      "    + 1 <(integer,bigint)",
      "      1 <(integer,integer) of class app.int_ops",
      "      2 <=(integer,integer) of class app.int_ops",
      "    …",
    ],
  },
  {
    sql: "ALTER OPERATOR FAMILY app.loose USING btree OWNER TO catalog_owner",
    lines: ["operator family app.loose using btree: owner is catalog_owner in the database, postgres in the models"],
  },
  {
    sql: "DROP OPERATOR CLASS app.int_ops USING btree",
    lines: [
      "operator family app.loose using btree: operators differs (- in the models, + in the database):",
      "    - 1 <(integer,integer) of class app.int_ops",
      "    - 2 <=(integer,integer) of class app.int_ops",
      "    - 3 =(integer,integer) of class app.int_ops",
      "    - 4 >=(integer,integer) of class app.int_ops",
      "    - 5 >(integer,integer) of class app.int_ops",
      "operator family app.loose using btree: functions is not set in the database, 1 (integer, integer) btint4cmp(integer,integer) of class app.int_ops in the models",
      "operator class app.int_ops using btree: only in the models",
    ],
  },
  {
    sql: "DROP CONVERSION app.latin; CREATE DEFAULT CONVERSION app.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8",
    lines: ["conversion app.latin: default is yes in the database, no in the models"],
  },
  {
    sql: "ALTER TEXT SEARCH DICTIONARY app.dict (accept = false)",
    lines: [
      "text search dictionary app.dict: options is accept = 'false' in the database, accept = 'true' in the models",
    ],
  },
  {
    sql: "ALTER TEXT SEARCH CONFIGURATION app.config ADD MAPPING FOR email WITH app.dict, simple",
    lines: [
      "text search configuration app.config: mappings is email: app.dict simple, word: simple in the database, word: simple in the models",
    ],
  },
  { sql: "DROP TEXT SEARCH PARSER app.parser", lines: ["text search parser app.parser: only in the models"] },
  {
    sql: "DROP TEXT SEARCH TEMPLATE app.tmpl; CREATE TEXT SEARCH TEMPLATE app.tmpl (LEXIZE = dsimple_lexize)",
    lines: [
      "text search template app.tmpl: initialize is not set in the database, dsimple_init(internal) in the models",
    ],
  },
  {
    sql: "ALTER STATISTICS app.stats SET STATISTICS 50",
    lines: ["statistics app.stats: target is 50 in the database, not set in the models"],
  },
  {
    sql: "DROP STATISTICS app.stats; CREATE STATISTICS app.stats (mcv) ON customer_id, label FROM app.orders",
    lines: [
      "statistics app.stats: definition is CREATE STATISTICS app.stats (mcv) ON customer_id, label FROM app.orders in the database, CREATE STATISTICS app.stats (dependencies) ON customer_id, label FROM app.orders in the models",
    ],
  },
];
