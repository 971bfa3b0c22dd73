import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/migrator";
import { sourcesIn } from "./support/imports";

interface Invariant {
  readonly id: string;
  readonly sentence: string;
  /** Where code sees to it. */
  readonly code: string;
  readonly test: string;
}

const read = (file: string) => (existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8") : "");

const row = /^\| (INV-\d+) \| (.+) \| `([^`]+)` \| `([^`]+)` \|$/gm;
const invariants = [...read("docs/invariants.md").matchAll(row)].map(
  ([, id = "", sentence = "", code = "", test = ""]): Invariant => ({ id, sentence, code, test }),
);

/** Ids in a text. */
const idsIn = (text: string): string[] => text.match(/\bINV-\d+\b/g) ?? [];

it("every row of the page is read, and every id stands for one", () => {
  const ids = invariants.map(({ id }) => id);
  expect(ids).toEqual(Array.from({ length: ids.length }, (_, index) => `INV-${index + 1}`));
  expect(ids.length).toBe(read("docs/invariants.md").match(/^\| INV-/gm)?.length);
  expect(ids.length).toBeGreaterThan(10);
});

describe.each(invariants)("$id: $sentence", ({ id, code, test }) => {
  it(`is seen to in ${code}, in a comment with its id`, () => {
    const comments = read(code).match(/\/\*\*?[\s\S]*?\*\/|\/\/.*$/gm) ?? [];
    expect(idsIn(comments.join("\n"))).toContain(id);
  });

  it(`is the name of a test of ${test}`, () => {
    const names = [...read(test).matchAll(/"((?:INV-\d+(?:, )?)+): [^"]*"/g)].flatMap(([, ids = ""]) => idsIn(ids));
    expect(names).toContain(id);
  });
});

it("no id stands in the code or a test without its row", () => {
  const known = new Set(invariants.map(({ id }) => id));
  const files = sourcesIn("migrator", "develop", "infra", "deploy", "local", "scripts", "test").filter(
    (file) => !file.startsWith("test/code/"),
  );
  const strangers = files.flatMap((file) =>
    idsIn(read(file))
      .filter((id) => !known.has(id))
      .map((id) => `${id} in ${file}`),
  );
  expect(strangers).toEqual([]);
});
