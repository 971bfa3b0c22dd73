import { resolveName } from "../../../migrator/source/names";

const names = [
  "20260101000001_create_customers",
  "20260102000001_create_orders",
  "20260103000001_create_orders_index",
  "20270101000001_add_totals",
];

const error = (text: string, among: readonly string[] = names) => {
  try {
    resolveName(text, among);
  } catch (thrown) {
    const { code, message, hint, exitCode } = thrown as {
      code: string;
      message: string;
      hint: string;
      exitCode: number;
    };
    return { code, message, hint, exitCode };
  }
  throw new Error(`"${text}" was resolved`);
};

test.each([
  ["the whole name", "20260101000001_create_customers", "20260101000001_create_customers"],
  ["the beginning of its number", "2027", "20270101000001_add_totals"],
  ["its whole number", "20260102000001", "20260102000001_create_orders"],
  ["the beginning of its slug", "add", "20270101000001_add_totals"],
  ["its whole slug, although another slug goes on from it", "create_orders", "20260102000001_create_orders"],
])("a migration is found by %s", (_by, text, name) => {
  expect(resolveName(text, names)).toBe(name);
});

test("a repeatable object is found without its folder", () => {
  expect(resolveName("totals", ["1_add_totals", "repeatable/totals_by_day"])).toBe("repeatable/totals_by_day");
});

test("a whole name wins over longer ones that begin with it", () => {
  expect(resolveName("1_a", ["1_a", "1_ab"])).toBe("1_a");
});

test("fails when a prefix fits several, and lists them", () => {
  expect(error("create")).toEqual({
    code: "ambiguous-name",
    exitCode: 2,
    message: `"create" may mean 3 migrations: ${names.slice(0, 3).join(", ")}`,
    hint: "Write more of the name.",
  });
});

test("fails when very many fit, and lists the first ten", () => {
  const many = Array.from({ length: 14 }, (_, i) => `${100 + i}_step`);

  expect(error("1", many).message).toBe(
    '"1" may mean 14 migrations: 100_step, 101_step, 102_step, 103_step, 104_step, 105_step, 106_step, 107_step, ' +
      "108_step, 109_step and 4 more",
  );
});

test.each([
  ["20260101000001_create_customesr", "20260101000001_create_customers"],
  ["creat_customers", "20260101000001_create_customers"],
  ["ad_total", "20270101000001_add_totals"],
  ["20270201000001", "20270101000001_add_totals"],
])("fails when nothing is named %s, and suggests what was meant", (text, name) => {
  expect(error(text)).toMatchObject({
    code: "unknown-name",
    exitCode: 2,
    message: `no migration is named "${text}" (among 4)`,
    hint: `Did you mean ${name}? \`schemagate status\` lists them all.`,
  });
});

test("fails when several are equally near, and suggests each", () => {
  expect(error("c", ["1_a", "2_b"]).hint).toBe("Did you mean 1_a or 2_b? `schemagate status` lists them all.");
});

test("fails when everything is equally near, without a suggestion", () => {
  expect(error("2028").hint).toBe("`schemagate status` lists them all.");
});

test("fails when nothing is even near, without a suggestion", () => {
  expect(error("invoices").hint).toBe("`schemagate status` lists them all.");
});

test.each([[""], ["x"]])('fails when there is no migration at all to be meant by "%s"', (text) => {
  expect(error(text, []).message).toBe(`no migration is named "${text}" (there is none)`);
});

test("fails when nothing was typed", () => {
  expect(error("").code).toBe("unknown-name");
});
