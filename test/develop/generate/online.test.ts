import { formatStatement } from "../../../develop/generate/format";
import { onlineForm } from "../../../develop/generate/online";
import { alternatives } from "../../../develop/generate/type-changes";

const isInUse = (name: string) => ["t", "t_a"].includes(name);

test.each<[string, string[] | undefined]>([
  ["CREATE INDEX t_a ON public.t (a)", ["CREATE INDEX CONCURRENTLY t_a ON public.t (a)"]],
  ["CREATE INDEX new_a ON public.new (a)", undefined],
  ["DROP INDEX public.t_a", ["DROP INDEX CONCURRENTLY public.t_a"]],
  ["DROP INDEX public.other", undefined],
  [
    "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)",
    ["ALTER TABLE t\n  ADD CONSTRAINT c\n    CHECK (a > 0) NOT VALID", 'ALTER TABLE "t"\n  VALIDATE CONSTRAINT "c"'],
  ],
  ["ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID", undefined],
  [
    "ALTER TABLE t ADD CONSTRAINT c UNIQUE NULLS NOT DISTINCT (a, b) INCLUDE (d) DEFERRABLE INITIALLY DEFERRED",
    [
      'CREATE UNIQUE INDEX CONCURRENTLY "c" ON "t" ("a", "b") INCLUDE ("d") NULLS NOT DISTINCT',
      'ALTER TABLE "t"\n  ADD CONSTRAINT "c" UNIQUE USING INDEX "c" DEFERRABLE INITIALLY DEFERRED',
    ],
  ],
  ["ALTER TABLE t ADD CONSTRAINT c EXCLUDE USING gist (a WITH &&)", undefined],
  ["ALTER TABLE t DROP COLUMN a", undefined],
  ["ALTER TABLE new ALTER COLUMN a SET NOT NULL", undefined],
])("%s", async (sql, expected) => {
  expect(await onlineForm(sql, isInUse)).toEqual(expected);
});

test("NOT NULL is proven by a check before it is set", async () => {
  expect(await onlineForm("ALTER TABLE t ALTER COLUMN a SET NOT NULL", isInUse)).toEqual([
    'ALTER TABLE "t"\n  ADD CONSTRAINT "a_is_not_null" CHECK ("a" IS NOT NULL) NOT VALID',
    'ALTER TABLE "t"\n  VALIDATE CONSTRAINT "a_is_not_null"',
    'ALTER TABLE "t"\n  ALTER COLUMN "a" SET NOT NULL',
    'ALTER TABLE "t"\n  DROP CONSTRAINT "a_is_not_null"',
  ]);
});

test.each([
  ['ALTER TABLE "public"."t" DROP COLUMN "a" RESTRICT;', "ALTER TABLE public.t\n  DROP COLUMN a"],
  ['CREATE TABLE "public"."Order" ("id" bigint NOT NULL)', 'CREATE TABLE public."Order" (\n  id bigint NOT NULL\n)'],
  ["COMMENT ON TABLE t IS 'two  \nlines'", "COMMENT ON TABLE t IS 'two  \nlines'"],
  ["no SQL at all;", "no SQL at all"],
])("%s is printed for reading", async (sql, expected) => {
  expect(await formatStatement(sql)).toBe(expected);
});

test("a type is changed without a cast where PostgreSQL allows, and through text at last", () => {
  expect(alternatives("ALTER TABLE public.t\n  ALTER COLUMN a TYPE varchar(3) USING a::varchar(3)")).toEqual([
    "ALTER TABLE public.t\n  ALTER COLUMN a TYPE varchar(3)",
    "ALTER TABLE public.t\n  ALTER COLUMN a TYPE varchar(3) USING a::varchar(3)",
    "ALTER TABLE public.t\n  ALTER COLUMN a TYPE varchar(3) USING a::text::varchar(3)",
  ]);
});
