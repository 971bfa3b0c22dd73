import { compareCatalogLines, readCatalogLinesOf } from "../../support/catalog-lines";
import { createTestDatabase, type TestDatabase, withClient } from "../../support/database";

const schema = `
  CREATE EXTENSION pg_trgm;
  CREATE TYPE colour AS ENUM ('red', 'green');
  CREATE DOMAIN short AS text CONSTRAINT is_short CHECK (length(VALUE) < 9);
  CREATE TYPE pair AS (a integer, b integer);
  CREATE TABLE parent (id integer, at date) PARTITION BY RANGE (at);
  CREATE TABLE child PARTITION OF parent FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
  CREATE TABLE t (id integer PRIMARY KEY, colour colour, note text, total numeric GENERATED ALWAYS AS (id * 2) STORED);
  CREATE INDEX by_note ON t (note);
  CREATE VIEW v AS SELECT id FROM t;
  CREATE MATERIALIZED VIEW m AS SELECT id FROM t;
  CREATE SEQUENCE s;
  CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
  CREATE FUNCTION on_drop() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
  CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
  CREATE POLICY p ON t USING (id > 0);
  CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;
  CREATE STATISTICS st (mcv) ON id, note FROM t`;

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.query(schema);
});

afterAll(() => database.drop());

/** Lines that a statement takes away and adds. */
function changesOf(sql: string): Promise<string[]> {
  return withClient(database.url, async (client) => {
    await client.query("BEGIN");
    const before = await readCatalogLinesOf(client);
    await client.query(`SET LOCAL search_path = public; ${sql}`);
    return compareCatalogLines(before, await readCatalogLinesOf(client));
  });
}

const acl = "postgres=arwdDxtm?/postgres";
const publicReads = new RegExp(`table public.t .* acl =r/postgres ${acl}`);

test.each<[string, string, RegExp]>([
  ["a table", "CREATE TABLE x ()", /^\+ table public\.x owner postgres/],
  ["a column's type", "ALTER TABLE t ALTER note TYPE varchar(9)", /^\+ column public\.t\.note character varying\(9\)/],
  ["a default", "ALTER TABLE t ALTER note SET DEFAULT 'x'", /^\+ column public\.t\.note text .*default 'x'::text/],
  ["NOT NULL", "ALTER TABLE t ALTER note SET NOT NULL", /^\+ column public\.t\.note text .*not null/],
  ["an identity", "ALTER TABLE t ALTER id ADD GENERATED ALWAYS AS IDENTITY", /^\+ column public\.t\.id .*identity a/],
  ["a column's storage", "ALTER TABLE t ALTER note SET STORAGE PLAIN", /^\+ column public\.t\.note .*storage p/],
  [
    "the order of columns",
    "ALTER TABLE t DROP colour, ADD colour colour",
    /^\+ column order .*: id, note, total, colour$/,
  ],
  [
    "a constraint",
    "ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0)",
    /^\+ constraint c on public\.t CHECK \(\(id > 0\)\)$/,
  ],
  [
    "NOT VALID",
    "ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0) NOT VALID",
    /^\+ constraint c .* NOT VALID not validated$/,
  ],
  ["a domain's constraint", "ALTER DOMAIN short DROP CONSTRAINT is_short", /^- constraint is_short on public\.short/],
  ["a domain's default", "ALTER DOMAIN short SET DEFAULT 'x'", /^\+ domain public\.short over text default/],
  ["a label of an enum", "ALTER TYPE colour ADD VALUE 'blue' BEFORE 'green'", /^\+ enum .*: 'red', 'blue', 'green'$/],
  ["a composite type", "ALTER TYPE pair ADD ATTRIBUTE c text", /^\+ column public\.pair\.c text/],
  [
    "an index",
    "CREATE INDEX i ON t (lower(note)) WHERE id > 1",
    /^\+ index public\.i CREATE INDEX .*lower\(note\)\) WHERE/,
  ],
  [
    "an invalid index",
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'by_note'::regclass",
    /\(note\) invalid$/,
  ],
  ["a view", "CREATE OR REPLACE VIEW v AS SELECT id FROM t LIMIT 1", /^\+ view public\.v .*LIMIT 1;$/s],
  [
    "a materialized view without data",
    "REFRESH MATERIALIZED VIEW m WITH NO DATA",
    /^\+ materialized view .*not populated/,
  ],
  ["a sequence", "ALTER SEQUENCE s INCREMENT 2", /^\+ sequence public\.s as bigint start 1 increment 2/],
  ["a sequence's owner", "ALTER SEQUENCE s OWNED BY t.id", /^\+ sequence public\.s .*owned by public\.t\.id$/],
  ["a function", "ALTER FUNCTION f() STRICT", /^\+ function public\.f\(\) .* STRICT/s],
  ["a trigger", "ALTER TABLE t DISABLE TRIGGER g", /^\+ trigger CREATE TRIGGER g .*enabled D$/],
  [
    "an event trigger",
    "CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION on_drop()",
    /^\+ event trigger e on sql_drop calls public\.on_drop/,
  ],
  ["a policy", "ALTER POLICY p ON t USING (id > 1)", /^\+ policy p on public\.t .*id > 1/],
  ["row security", "ALTER TABLE t ENABLE ROW LEVEL SECURITY", /^\+ table public\.t .*row security/],
  ["a rule", "DROP RULE r ON t", /^- rule CREATE RULE r/],
  [
    "a partition",
    "ALTER TABLE parent DETACH PARTITION child",
    /^- child public\.child of public\.parent FOR VALUES FROM/,
  ],
  ["a privilege", "GRANT SELECT ON t TO PUBLIC", publicReads],
  [
    "a privilege on a column",
    "GRANT SELECT (note) ON t TO PUBLIC",
    /^\+ column public\.t\.note .*acl \{=r\/postgres\}/,
  ],
  [
    "a privilege on a function",
    "REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC",
    /^\+ function .* acl postgres=X\/postgres /,
  ],
  [
    "default privileges",
    "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",
    /^\+ default privileges of postgres/,
  ],
  ["a comment", "COMMENT ON COLUMN t.note IS 'x'", /^\+ comment on table column public\.t\.note: x$/],
  ["an extension", "DROP EXTENSION pg_trgm", /^- extension pg_trgm 1\.\d in public$/],
  ["extended statistics", "DROP STATISTICS st", /^- statistics CREATE STATISTICS public\.st \(mcv\) ON id, note/],
  ["options of storage", "ALTER TABLE t SET (fillfactor = 70)", /^\+ table public\.t .*options \{fillfactor=70\}/],
  ["a schema", "CREATE SCHEMA x", /^\+ schema x owner postgres/],
  [
    "an operator",
    "CREATE OPERATOR <<< (LEFTARG = int, RIGHTARG = int, FUNCTION = int4pl)",
    /^\+ operator public\.<<<\(/,
  ],
])("a difference in %s is seen", async (_what, sql, line) => {
  expect(await changesOf(sql)).toContainEqual(expect.stringMatching(line));
});

test("privileges that were given and taken back are as before", async () => {
  expect(await changesOf("GRANT SELECT ON t TO PUBLIC; REVOKE SELECT ON t FROM PUBLIC")).toEqual([]);
});

test("the ledger's schema and what extensions bring are not looked at", async () => {
  expect(await changesOf("CREATE SCHEMA schemagate; CREATE TABLE schemagate.t (id serial PRIMARY KEY)")).toEqual([]);
  expect(await changesOf("CREATE EXTENSION citext SCHEMA public")).toEqual([
    expect.stringMatching(/^\+ comment on extension citext: /),
    expect.stringMatching(/^\+ extension citext 1\.\d in public$/),
  ]);
});
