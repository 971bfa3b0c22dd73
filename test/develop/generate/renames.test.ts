import { parseRenames } from "../../../develop/generate/renames";

const parse = (...texts: string[]) => parseRenames(texts).map(({ kind, from, to }) => ({ kind, from, to }));

test.each([
  ["table:orders=invoices", { kind: "table", from: ["public", "orders"], to: ["invoices"] }],
  ["table:public.orders=archive.orders", { kind: "table", from: ["public", "orders"], to: ["archive", "orders"] }],
  ["column:orders.total=amount", { kind: "column", from: ["public", "orders", "total"], to: ["amount"] }],
  ["column:sales.orders.total=amount", { kind: "column", from: ["sales", "orders", "total"], to: ["amount"] }],
  ['column:"Order"."a.b"="c=d"', { kind: "column", from: ["public", "Order", "a.b"], to: ["c=d"] }],
  ['table:"say ""hi"""=quiet', { kind: "table", from: ["public", 'say "hi"'], to: ["quiet"] }],
  ["table:Orders=Invoices", { kind: "table", from: ["public", "orders"], to: ["invoices"] }],
  ["value:state.open=opened", { kind: "value", from: ["public", "state", "open"], to: ["opened"] }],
  ["schema:sales=trade", { kind: "schema", from: ["sales"], to: ["trade"] }],
])("%s", (text, expected) => {
  expect(parse(text)).toEqual([expected]);
});

test("what holds others is renamed first, and found by its new name from then on", () => {
  expect(parse("column:sales.orders.total=amount", "table:sales.orders=invoices", "schema:sales=trade")).toEqual([
    { kind: "schema", from: ["sales"], to: ["trade"] },
    { kind: "table", from: ["trade", "orders"], to: ["invoices"] },
    { kind: "column", from: ["trade", "invoices", "total"], to: ["amount"] },
  ]);
});

test.each([
  "orders=invoices",
  "table:orders",
  "table:a=b=c",
  "column:total=amount",
  "thing:a=b",
  "schema:a.b=c",
  "table:=",
])("%s is no rename", (text) => {
  expect(() => parseRenames([text])).toThrow(`"${text}" is no rename`);
});

test("tells all that are none at once", () => {
  expect(() => parseRenames(["a", "b"])).toThrow(
    expect.objectContaining({ exitCode: 2, problems: [expect.anything(), expect.anything()] }),
  );
});
