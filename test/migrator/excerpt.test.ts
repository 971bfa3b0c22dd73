import { exitCodes, SchemagateError } from "../../migrator/errors";
import { bounded, excerptOf } from "../../migrator/excerpt";
import { redact } from "../../migrator/redact";

describe("an excerpt", () => {
  /** The character above the caret. */
  const marked = (excerpt: string) => {
    const [line = "", below = ""] = excerpt.split("\n");
    return line.slice(below.indexOf("^"))[0];
  };

  test("of a short line is the line", () => {
    expect(excerptOf("SELECT 1/0;", 7, 8)).toBe("7 | SELECT 1/0;\n           ^");
  });

  test.each([
    ["at its beginning", 1],
    ["in its middle", 2_350_000],
    ["at its end", 4_700_001],
  ])("of a long line is what stands around the place %s", (_, column) => {
    const line = `${"(1,'x'),".repeat(587_500)}X`.replace(/^\(/, "Y");
    const expected = line[column - 1];

    const excerpt = excerptOf(line, 12, column);

    expect(excerpt.length).toBeLessThan(400);
    expect(marked(excerpt)).toBe(expected);
    expect(excerpt.includes("| … ")).toBe(column > 1);
    expect(excerpt.includes(" …\n")).toBe(column < line.length);
  });

  test("cuts no character in two, wherever it begins", () => {
    for (const shift of [0, 1]) {
      const line = `${"a".repeat(shift)}${"😀".repeat(5_000)}`;
      expect(excerptOf(line, 1, 5_001 + shift)).toMatch(
        /^[^\ud800-\udfff]*(?:[\ud800-\udbff][\udc00-\udfff])*[^\ud800-\udfff]*$/,
      );
    }
  });

  test("has its caret below the place, also behind text that takes two columns a character, tabs and accents", () => {
    expect(excerptOf("\t値('e\u0301', 1/0)", 3, 10)).toBe("3 | \t値('e\u0301', 1/0)\n    \t\u3000      ^");
    expect(excerptOf("'😀' x\r", 3, 6)).toBe("3 | '😀' x\n     \u3000  ^");
  });

  test("INV-10: shows no password of an address, cut or not, and finds its place beside it", () => {
    const address = "postgres://app:secret-password@db/orders";
    for (let column = 1; column <= 120; column += 1) {
      expect(excerptOf(`SELECT dblink('${address}', 'SELECT 1/0') ; -- the rest of it`, 1, column)).not.toContain(
        "secret",
      );
    }
    const line = `SELECT dblink('${address}', X)`;
    expect(marked(excerptOf(line, 1, line.indexOf("X") + 1))).toBe("X");
    const long = `${"x".repeat(10_000)}postgres://app:${"secret".repeat(300)}@db/orders${"y".repeat(10_000)}`;
    for (let column = 9_950; column < 12_100; column += 10) {
      expect(excerptOf(long, 1, column)).not.toContain("secret");
    }
  });
});

describe("a text", () => {
  test("that is short stays as it is", () => {
    expect(bounded("x".repeat(2_000))).toBe("x".repeat(2_000));
  });

  test("that is long keeps its beginning and its end, and says what is left out", () => {
    const text = bounded(`begin ${"x".repeat(4_700_000)} end`);

    expect(text).toMatch(/^begin x+ … \(4,698,010 characters left out\) … x+ end$/);
    expect(text.length).toBeLessThan(2_100);
  });

  test("is not cut within a character", () => {
    for (const shift of [0, 1]) {
      expect(bounded(`${"a".repeat(shift)}${"😀".repeat(2_000)}`)).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
    }
  });

  test("INV-10: is not cut so that a password in it shows", () => {
    const address = `postgres://app:${"secret".repeat(40)}@db`;
    for (let at = 0; at < 5_000; at += 7) {
      const text = `${"x ".repeat(at / 2)}${address}${" y".repeat((5_000 - at) / 2)}`;
      expect(new SchemagateError({ code: "a", message: redact(bounded(text)), exitCode: 6 }).message).not.toContain(
        "secret",
      );
    }
  });
});

test("no text of an error is longer", () => {
  const long = "x".repeat(1_000_000);
  const { message, hint, problems, details } = new SchemagateError({
    ...{ code: "a", message: long, hint: long, exitCode: exitCodes.refused },
    problems: [{ code: "b", message: long, hint: long }],
    details: { detail: long, done: ["1_a"] },
  });

  expect(JSON.stringify({ message, hint, problems, details }).length).toBeLessThan(11_000);
  expect(details.done).toEqual(["1_a"]);
});
