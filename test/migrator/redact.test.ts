import { redact, redactedJson } from "../../migrator/redact";

test.each([
  ["postgres://api:secret@db:5432/d", "postgres://api:***@db:5432/d"],
  ["at postgres://api:p@ss/w:rd@db/d, again", "at postgres://api:***@db/d, again"],
  ["postgres://db/d?user=api&password=secret&x=1", "postgres://db/d?user=api&password=***&x=1"],
  ["postgres://api@db/d", "postgres://api@db/d"],
  ["no address: a@b.example", "no address: a@b.example"],
])("INV-10: %s is printed as %s", (text, redacted) => {
  expect(redact(text)).toBe(redacted);
});

test("a value is redacted text by text, so that the line stays JSON", () => {
  const line = redactedJson({ url: 'postgres://u:"quoted"@h/d', mail: "a@b.example" });

  expect(JSON.parse(line)).toEqual({ url: "postgres://u:***@h/d", mail: "a@b.example" });
});
