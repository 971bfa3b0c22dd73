import { writeMigrations } from "../../support/migrator";
import { nothingLeft, travelAlone } from "./support";

test("a down that forgets an index is found, although the next down drops the index with its table", async () => {
  const dir = writeMigrations({
    "1_table.sql": "-- migrate:up\nCREATE TABLE t (id integer, note text);\n-- migrate:down\nDROP TABLE t;\n",
    "2_indexes.sql": `-- migrate:up
CREATE INDEX by_id ON t (id);
CREATE INDEX by_note ON t (note);
-- migrate:down
DROP INDEX by_note;
`,
    "3_column.sql": "-- migrate:up\nALTER TABLE t ADD x integer;\n-- migrate:down\nALTER TABLE t DROP x;\n",
  });

  const { facts: _, ...trip } = await travelAlone({ dir });

  const forgotten = ["+ index public.by_id CREATE INDEX by_id ON public.t USING btree (id)"];
  const expected = nothingLeft({ dir });
  expect(trip).toEqual({ ...expected, leftByStep: { ...expected.leftByStep, "2_indexes": forgotten } });
});

test("what a set leaves for good is found, and so is what its second up makes otherwise", async () => {
  const dir = writeMigrations({
    "1_count.sql": "-- migrate:up\nCREATE SEQUENCE IF NOT EXISTS runs;\n-- migrate:down\n",
    "2_run.sql": `-- migrate:up
DO $$ BEGIN EXECUTE format('CREATE TYPE run_%s AS ENUM ()', nextval('runs')); END $$;
-- migrate:down
DO $$ BEGIN EXECUTE format('DROP TYPE run_%s', (SELECT last_value FROM runs)); END $$;
`,
  });

  const { leftByDown, changedByUpAgain, leftByStep } = await travelAlone({ dir });

  const sequence = [
    "+ sequence public.runs as bigint start 1 increment 1 from 1 to 9223372036854775807 cache 1",
    "+ sequence public.runs owner postgres persistence p replica identity n acl postgres=rwU/postgres",
  ];
  expect(leftByDown).toEqual(sequence);
  expect(changedByUpAgain).toEqual([
    "- type public.run_1 owner postgres acl =U/postgres postgres=U/postgres",
    "+ type public.run_2 owner postgres acl =U/postgres postgres=U/postgres",
  ]);
  expect(leftByStep).toEqual({ "1_count": sequence, "2_run": [] });
});

test("a set whose migration fails tells which, and what the server said", async () => {
  const dir = writeMigrations({ "1_bad.sql": "-- migrate:up\nCREATE TABLE t (id nonsense);\n" });

  await expect(travelAlone({ dir })).rejects.toThrow(/ended with 6.*1_bad failed.*type \\"nonsense\\" does not exist/s);
});
