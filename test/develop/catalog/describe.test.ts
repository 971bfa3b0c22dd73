import { type Catalog, type CatalogObject, catalogKey } from "../../../develop/catalog/catalog";
import { compareCatalogs } from "../../../develop/catalog/compare";
import { describeDifferences } from "../../../develop/catalog/describe";
import { diffLines } from "../../../develop/catalog/line-diff";
import { isSamePrinted } from "../../../develop/catalog/printed";

const words = { expected: "the models", actual: "the database" };

function catalogOf(...objects: readonly CatalogObject[]): Catalog {
  return new Map(objects.map((object) => [catalogKey(object), object]));
}

function lines(expected: Catalog, actual: Catalog): string[] {
  return describeDifferences(compareCatalogs(expected, actual), words);
}

const table: CatalogObject = { kind: "table", identity: "public.t", facts: { owner: "me" } };
const column: CatalogObject = { kind: "column", identity: "public.t.a", facts: { type: "text" }, of: "table public.t" };
const policy = (name: string): CatalogObject => ({
  kind: "policy",
  identity: `public.t.${name}`,
  facts: {},
  of: "table public.t",
});

test("says nothing of equal catalogs", () => {
  expect(lines(catalogOf(table, column), catalogOf(table, column))).toEqual([]);
});

test("tells a table that one side has with what is in it, in one line", () => {
  const whole = catalogOf(table, column, policy("p"), policy("q"));
  expect(lines(whole, catalogOf())).toEqual(["table public.t: only in the models, with 1 column, 2 policies"]);
  expect(lines(catalogOf(), whole)).toEqual(["table public.t: only in the database, with 1 column, 2 policies"]);
});

test("tells a fact that is not set from an empty one", () => {
  const comment = (text: string | null): CatalogObject => ({
    kind: "comment",
    identity: "table public.t",
    facts: { text },
  });
  expect(lines(catalogOf(comment(null)), catalogOf(comment("")))).toEqual([
    "comment table public.t: text is empty in the database, not set in the models",
  ]);
});

test("tells a fact that only one side knows", () => {
  expect(lines(catalogOf(table), catalogOf({ ...table, facts: { owner: "me", options: "x" } }))).toEqual([
    "table public.t: options is x in the database, not set in the models",
  ]);
});

test.each([
  ["a\nb\nc", "a\nB\nc", ["  a", "- b", "+ B", "  c"]],
  ["1\n2\n3\n4\n5\n6\n7", "1\n2\n3\n4\n5\n6\n8", ["…", "  5", "  6", "- 7", "+ 8"]],
  ["a\nx\nb", "a\nb", ["  a", "- x", "  b"]],
  ["", "a\nb", ["+ a", "+ b"]],
  ["a\nb\nc\nd", "b\nX\nc", ["- a", "  b", "+ X", "  c", "- d"]],
])("shows the lines that differ between %j and %j", (before, after, expected) => {
  expect(diffLines(before, after)).toEqual(expected);
});

test("shows a long text that is all new without comparing every line with every other", () => {
  const text = (word: string) => Array.from({ length: 3000 }, (_, index) => `${word} ${index}`).join("\n");
  expect(diffLines(text("old"), text("new"))).toHaveLength(6000);
});

test.each([
  ["CHECK ((((a > 1) AND (b > 2)) AND (c > 3)))", "CHECK (((a > 1) AND (b > 2) AND (c > 3)))"],
  ["(((a OR b) OR (c OR d)))", "((a OR b OR c OR d))"],
  [
    "((s)::text = ANY ((ARRAY['a'::character varying, 'b,('::character varying])::text[]))",
    "((s)::text = ANY (ARRAY[('a'::character varying)::text, ('b,('::character varying)::text]))",
  ],
])("%s says the same as %s", (one, other) => {
  expect(isSamePrinted(one, other)).toBe(true);
});

test.each([
  ["((a AND b) OR c)", "(a AND (b OR c))"],
  ["((a OR b) AND c)", "(a OR b AND c)"],
  ["(a AND b)", "(b AND a)"],
  ["(x = '((a AND b) AND c)')", "(x = '(a AND b AND c)')"],
  ["(x = 'a  b')", "(x = 'a b')"],
  [
    "((s)::text = ANY ((ARRAY['a'::character varying])::text[]))",
    "((s)::text = ANY (ARRAY[('b'::character varying)::text]))",
  ],
  ["((a - b) - c)", "(a - (b - c))"],
  ["(NOT (a AND b))", "(NOT a AND b)"],
])("%s does not say the same as %s", (one, other) => {
  expect(isSamePrinted(one, other)).toBe(false);
});
