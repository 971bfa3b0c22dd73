import { mapApplied } from "../../../migrator/adopt/mapping";
import type { AppliedThere, ForeignLedger } from "../../../migrator/adopt/tool";
import type { Migration } from "../../../migrator/source/migration";

function here(...names: readonly string[]): Migration[] {
  const up = { sql: "SELECT 1", firstLine: 1, transaction: true };
  return names.map((name) => ({ kind: "sql", name, file: `${name}.sql`, checksum: `sha256:${name}`, up }));
}

function there(...applied: readonly (string | AppliedThere)[]): ForeignLedger {
  return { applied: applied.map((each) => (typeof each === "string" ? { id: each } : each)), problems: [] };
}

/** `theirs -> ours (reason)` for each line. */
function lines({ pairs }: ReturnType<typeof mapApplied>): string[] {
  return pairs.map(({ theirs, ours, reason }) => `${theirs?.id ?? ""} -> ${ours?.name ?? "?"} (${reason ?? ""})`);
}

const table = "public.t";

test.each([
  ["0001", "1_a"],
  ["1_b.js", "1_a"],
  ["001-b.up.sql", "1_a"],
  ["20260101080000", "20260101080000_a"],
])("%s and %s begin with the same number", (id, name) => {
  expect(lines(mapApplied(there(id), here(name), table))).toEqual([`${id} -> ${name} (number)`]);
});

test.each([
  ["1.1", "a version with parts is no number"],
  ["1a2b3c", "a hash may begin with digits"],
  ["2", "another number"],
])("%s is not migration 1: %s", (id) => {
  expect(mapApplied(there(id), here("1_a"), table).problems).toMatchObject([{ code: "unmatched" }]);
});

test.each(["create-orders.ts", "Create Orders", "0007_create_orders.sql"])(
  "%s has the name of 1_create_orders",
  (id) => {
    expect(lines(mapApplied(there(id), here("1_create_orders"), table))).toEqual([`${id} -> 1_create_orders (name)`]);
  },
);

test("a name that two have on either side is not guessed", () => {
  const names = here("1_add_index", "2_add_index");
  expect(mapApplied(there("add-index.js"), names, table).problems).toMatchObject([{ code: "unmatched" }]);
  const twice = there("8_add_index.js", "9_add_index.js");
  expect(mapApplied(twice, here("1_add_index"), table).problems).toHaveLength(2);
});

test("two of theirs that map to one of ours are refused", () => {
  expect(mapApplied(there("1_a.js", "001_b.js"), here("1_a"), table).problems).toMatchObject([
    { code: "ambiguous", message: "1_a.js and 001_b.js in public.t both map to 1_a" },
  ]);
});

test("the same number under another name is pointed out", () => {
  const { warnings, problems } = mapApplied(there("1_create_orders.js"), here("1_drop_orders"), table);

  expect(problems).toEqual([]);
  expect(warnings).toMatchObject([
    {
      code: "other-name",
      message: "1_create_orders.js and 1_drop_orders begin with the same number and have different names",
    },
  ]);
});

test("the order of recording is the order of application there", () => {
  expect(lines(mapApplied(there("2", "1"), here("1_a", "2_b"), table))).toEqual([
    "2 -> 2_b (number)",
    "1 -> 1_a (number)",
  ]);
});

test("a newest version covers what is older, and nothing newer", () => {
  const mapping = mapApplied(there({ id: "2", coversOlder: true }), here("1_a", "2_b", "3_c"), table);

  expect(lines(mapping)).toEqual([" -> 1_a (older)", "2 -> 2_b (number)"]);
  expect(mapping.pending.map(({ name }) => name)).toEqual(["3_c"]);
});

describe("places", () => {
  const counted = (...ids: readonly string[]): ForeignLedger => ({ ...there(...ids), countable: true });

  test("are counted where the order is certain", () => {
    expect(lines(mapApplied(counted("f1", "f2"), here("1_a", "2_b", "3_c"), table))).toEqual([
      "f1 -> 1_a (place)",
      "f2 -> 2_b (place)",
    ]);
  });

  test("are not counted where the order is not", () => {
    expect(mapApplied(there("f1"), here("1_a"), table).problems).toMatchObject([
      {
        code: "unmatched",
        message: "f1 is applied according to public.t, but no migration here has its number or its name",
        hint: expect.stringContaining("--to NAME"),
      },
    ]);
  });

  test("are refused where a name contradicts them", () => {
    const [problem] = mapApplied(counted("f1", "2_b"), here("1_a", "3_c", "2_b"), table).problems;
    expect(problem?.message).toContain("2_b is number 2 there, 2_b is number 3 here");
  });

  test("are refused where there are too few here", () => {
    expect(mapApplied(counted("f1", "f2"), here("1_a"), table).problems).toMatchObject([
      { message: "2 migrations are applied according to public.t, and there are only 1 here" },
    ]);
  });
});

describe("--to", () => {
  test("pairs by place when there are as many, which keeps the times", () => {
    const mapping = mapApplied(there("f1", "f2"), here("1_a", "2_b", "3_c"), table, "2_b");

    expect(lines(mapping)).toEqual(["f1 -> 1_a (to)", "f2 -> 2_b (to)"]);
    expect(mapping.problems).toEqual([]);
  });

  test("is taken at its word when there are more or fewer, as after a squash", () => {
    expect(lines(mapApplied(there("f1", "f2", "f3"), here("1_a"), table, "1_a"))).toEqual([
      "f1 -> ? ()",
      "f2 -> ? ()",
      "f3 -> ? ()",
      " -> 1_a (to)",
    ]);
  });

  test("is superfluous but right when numbers say the same", () => {
    expect(mapApplied(there("1", "2"), here("1_a", "2_b"), table, "2_b").problems).toEqual([]);
  });

  test.each([
    ["too early", ["1", "2"], "1_a", "up to 2_b"],
    ["too late", ["1"], "2_b", "up to 1_a"],
    ["of a table that says nothing", [], "1_a", "that nothing is"],
    ["too early for one of several", ["f1", "2"], "1_a", "up to 2_b"],
  ])("is refused when it is %s", (_, ids, to, says) => {
    expect(mapApplied(there(...ids), here("1_a", "2_b"), table, to).problems).toMatchObject([
      { code: "to-differs", message: `--to says that all is applied up to ${to}, public.t says ${says}` },
    ]);
  });
});
