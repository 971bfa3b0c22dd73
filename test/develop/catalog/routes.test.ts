import { Client } from "pg";
import type { Catalog } from "../../../develop/catalog/catalog";
import { compareCatalogs } from "../../../develop/catalog/compare";
import { describeDifferences } from "../../../develop/catalog/describe";
import { createTestDatabase, type TestDatabase } from "../../support/database";
import { read, serverHas } from "./support";

/** Two ways to one schema. */
interface Routes {
  readonly what: string;
  readonly one: string;
  readonly other: string;
  /** @default 14 */
  readonly since?: number;
}

const partitioned = `CREATE TABLE parted (id int NOT NULL, at date NOT NULL, kind text, CHECK (id > 0), PRIMARY KEY (id, at))
  PARTITION BY RANGE (at); CREATE INDEX parted_kind ON parted (kind);`;
const bounds = "FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')";

const equal: readonly Routes[] = [
  {
    what: "a partition created or attached",
    one: `${partitioned} CREATE TABLE part PARTITION OF parted ${bounds}`,
    other: `${partitioned} CREATE TABLE part (kind text, id int NOT NULL, at date NOT NULL,
      CONSTRAINT parted_id_check CHECK (id > 0)); ALTER TABLE parted ATTACH PARTITION part ${bounds}`,
  },
  {
    what: "a partition attached with its own key and index, under the names that PostgreSQL gives",
    one: `${partitioned} CREATE TABLE part PARTITION OF parted ${bounds}`,
    other: `${partitioned} CREATE TABLE part (id int, at date, kind text, CONSTRAINT parted_id_check CHECK (id > 0),
      PRIMARY KEY (id, at)); CREATE INDEX part_kind_idx ON part (kind); ALTER TABLE parted ATTACH PARTITION part ${bounds}`,
  },
  {
    what: "a foreign key of a partitioned table made before or after its partition",
    one: `CREATE TABLE target (id int PRIMARY KEY); ${partitioned} CREATE TABLE part PARTITION OF parted ${bounds};
      ALTER TABLE parted ADD CONSTRAINT parted_fk FOREIGN KEY (id) REFERENCES target`,
    other: `CREATE TABLE target (id int PRIMARY KEY); ${partitioned} CREATE TABLE part PARTITION OF parted ${bounds};
      ALTER TABLE part ADD CONSTRAINT own_fk FOREIGN KEY (id) REFERENCES target;
      ALTER TABLE parted ADD CONSTRAINT parted_fk FOREIGN KEY (id) REFERENCES target`,
  },
  {
    what: "a trigger of a partitioned table made before or after its partition",
    one: `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; ${partitioned}
      CREATE TRIGGER t AFTER INSERT ON parted FOR EACH ROW EXECUTE FUNCTION f(); CREATE TABLE part PARTITION OF parted ${bounds}`,
    other: `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; ${partitioned}
      CREATE TABLE part PARTITION OF parted ${bounds}; CREATE TRIGGER t AFTER INSERT ON parted FOR EACH ROW EXECUTE FUNCTION f()`,
  },
  {
    what: "an index of a partitioned table made at once or attached part by part",
    one: `${partitioned} CREATE TABLE part PARTITION OF parted ${bounds}`,
    other: `${partitioned.replace(/CREATE INDEX.*/s, "")} CREATE TABLE part PARTITION OF parted ${bounds};
      CREATE INDEX part_kind_idx ON part (kind); CREATE INDEX parted_kind ON ONLY parted (kind);
      ALTER INDEX parted_kind ATTACH PARTITION part_kind_idx`,
  },
  {
    what: "constraints inline or added",
    one: "CREATE TABLE t (id int PRIMARY KEY, a int UNIQUE CHECK (a > 0), b int NOT NULL REFERENCES t)",
    other: `CREATE TABLE t (b int, a int, id int); ALTER TABLE t ADD PRIMARY KEY (id);
      ALTER TABLE t ADD CONSTRAINT t_a_key UNIQUE (a), ADD CONSTRAINT t_a_check CHECK (a > 0), ALTER b SET NOT NULL;
      ALTER TABLE t ADD CONSTRAINT t_b_fkey FOREIGN KEY (b) REFERENCES t (id)`,
  },
  {
    what: "a constraint valid at once or validated later",
    one: "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)",
    other:
      "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c",
  },
  {
    what: "NOT NULL by hand, valid at once or validated later",
    since: 18,
    one: "CREATE TABLE t (a int NOT NULL)",
    other: `CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT t_a_not_null NOT NULL a NOT VALID;
      ALTER TABLE t VALIDATE CONSTRAINT t_a_not_null`,
  },
  {
    what: "NOT NULL whose name PostgreSQL cuts",
    one: `CREATE TABLE ${"t".repeat(40)} (${"c".repeat(50)} int NOT NULL, ${"d".repeat(5)} int NOT NULL)`,
    other: `CREATE TABLE ${"t".repeat(40)} (${"c".repeat(50)} int, ${"d".repeat(5)} int);
      ALTER TABLE ${"t".repeat(40)} ALTER ${"c".repeat(50)} SET NOT NULL, ALTER ${"d".repeat(5)} SET NOT NULL`,
  },
  {
    what: "a unique constraint or the index that becomes one",
    one: "CREATE TABLE t (a int, CONSTRAINT t_a UNIQUE (a))",
    other:
      "CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a); ALTER TABLE t ADD CONSTRAINT t_a UNIQUE USING INDEX i",
  },
  {
    what: "serial or a sequence, its owner and a default",
    one: "CREATE TABLE t (id serial)",
    other: `CREATE SEQUENCE t_id_seq AS integer; CREATE TABLE t (id integer NOT NULL DEFAULT nextval('t_id_seq'));
      ALTER SEQUENCE t_id_seq OWNED BY t.id`,
  },
  {
    what: "an identity column inline or added",
    one: "CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY, a int)",
    other: "CREATE TABLE t (a int, id bigint NOT NULL); ALTER TABLE t ALTER id ADD GENERATED ALWAYS AS IDENTITY",
  },
  {
    what: "columns in another order, added with a default, after a dropped one",
    one: "CREATE TABLE t (a int DEFAULT 5, b text, c date)",
    other: "CREATE TABLE t (x int, c date); ALTER TABLE t DROP x, ADD b text, ADD a int DEFAULT 5",
  },
  {
    what: "storage options in another order",
    one: "CREATE TABLE t (a int) WITH (fillfactor = 70, autovacuum_enabled = false)",
    other:
      "CREATE TABLE t (a int); ALTER TABLE t SET (autovacuum_enabled = false); ALTER TABLE t SET (fillfactor = 70)",
  },
  {
    what: "a grant that was revoked again",
    one: "CREATE TABLE t (a int)",
    other:
      "CREATE TABLE t (a int); GRANT SELECT ON t TO PUBLIC; GRANT SELECT (a) ON t TO PUBLIC; REVOKE ALL ON t FROM PUBLIC; REVOKE ALL (a) ON t FROM PUBLIC",
  },
  {
    what: "privileges that are the owner's anyway",
    one: "CREATE TABLE t (a int)",
    other: "CREATE TABLE t (a int); GRANT SELECT ON t TO CURRENT_USER",
  },
  {
    what: "default privileges that were revoked again",
    one: "SELECT 1",
    other:
      "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC; ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM PUBLIC",
  },
  {
    what: "labels of an enum in one statement or one by one",
    one: "CREATE TYPE e AS ENUM ('a', 'b', 'c')",
    other: "CREATE TYPE e AS ENUM ('a', 'c'); ALTER TYPE e ADD VALUE 'b' AFTER 'a'",
  },
  {
    what: "statistics set and reset",
    one: "CREATE TABLE t (a int)",
    other: "CREATE TABLE t (a int); ALTER TABLE t ALTER a SET STATISTICS 5; ALTER TABLE t ALTER a SET STATISTICS -1",
  },
  {
    what: "storage that is the type's own",
    one: "CREATE TABLE t (a text)",
    other: "CREATE TABLE t (a text); ALTER TABLE t ALTER a SET STORAGE EXTENDED",
  },
  {
    what: "a check over a list of varchar, as written and as PostgreSQL prints it",
    one: "CREATE TABLE t (a varchar(9), CONSTRAINT c CHECK (a IN ('x', 'it''s')))",
    other: `CREATE TABLE t (a varchar(9),
      CONSTRAINT c CHECK (((a)::text = ANY ((ARRAY['x'::character varying, 'it''s'::character varying])::text[]))))`,
  },
  {
    what: "a check of nested conditions, as written and as PostgreSQL prints it",
    one: "CREATE TABLE t (a int, b int, CONSTRAINT c CHECK (a BETWEEN 1 AND 5 AND b > 0))",
    other: "CREATE TABLE t (a int, b int, CONSTRAINT c CHECK ((((a >= 1) AND (a <= 5)) AND (b > 0))))",
  },
  {
    what: "comments set and removed",
    one: "CREATE TABLE t (a int)",
    other: "CREATE TABLE t (a int); COMMENT ON COLUMN t.a IS 'x'; COMMENT ON COLUMN t.a IS NULL",
  },
];

let database: TestDatabase;
let client: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

async function catalogAfter(sql: string): Promise<Catalog> {
  await client.query("BEGIN");
  await client.query(sql);
  const catalog = await read(client);
  await client.query("ROLLBACK");
  return catalog;
}

test.each(equal.filter(({ since }) => serverHas(since)))("is one schema: $what", async ({ one, other }) => {
  const differences = compareCatalogs(await catalogAfter(one), await catalogAfter(other));
  expect(describeDifferences(differences, { expected: "one", actual: "the other" })).toEqual([]);
});
