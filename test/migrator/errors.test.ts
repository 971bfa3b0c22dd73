import { readFileSync } from "node:fs";
import { join } from "node:path";
import { exitCodes, SchemagateError, toSchemagateError } from "../../migrator/errors";
import { root } from "../support/migrator";

test.each([new Error("broken"), new TypeError("broken"), "broken", undefined, null, 0])(
  "INV-11: %s, which nobody foresaw, ends with 1 and asks for a report",
  (thrown) => {
    expect(toSchemagateError(thrown)).toMatchObject({
      code: "unexpected",
      exitCode: 1,
      message: expect.stringContaining(String(thrown)),
      hint: expect.stringContaining("report"),
    });
  },
);

test("an error that says its exit code keeps it", () => {
  const error = new SchemagateError({ code: "partial", message: "stopped midway", exitCode: exitCodes.partial });

  expect(toSchemagateError(error)).toBe(error);
});

test("INV-11: every exit code is documented", () => {
  const page = readFileSync(join(root, "docs/exit-codes.md"), "utf8");
  const documented = new Set([...page.matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, codes = ""]) => codes.split(", ")));

  expect(Object.values(exitCodes).filter((code) => !documented.has(String(code)))).toEqual([]);
});
