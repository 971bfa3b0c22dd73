import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory, writeMigrations } from "../../support/migrator";
import { nothingLeft, setDirectory, travelAlone } from "./support";

test("a down that forgets an index is found, although a later down drops the index with its table", async () => {
  const dir = makeDirectory();
  cpSync(setDirectory("shop"), dir, { recursive: true });
  const file = join(dir, "20240301060000_index_concurrently.sql");
  const forgetful = readFileSync(file, "utf8").replace("DROP INDEX CONCURRENTLY orders_customer_idx;\n", "");
  writeFileSync(file, forgetful);

  const { facts: _, ...trip } = await travelAlone({ dir });

  const expected = nothingLeft({ dir });
  expect(trip).toEqual({
    ...expected,
    leftByStep: {
      ...expected.leftByStep,
      "20240301060000_index_concurrently": [
        "+ index public.orders_customer_idx CREATE INDEX orders_customer_idx ON public.orders USING btree (customer_id, placed_at)",
      ],
    },
  });
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
