import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../../develop/lint/rules";
import { squawkRules } from "../../../develop/lint/squawk-rules";
import { root } from "../../support/migrator";

const lines = readFileSync(join(root, "docs/lint.md"), "utf8").split("\n");

test("the documentation lists every rule, and no other", () => {
  const rows = Object.entries(rules).map(([name, { level, about }]) => `| \`${name}\` | ${level} | ${about} |`);

  expect(lines.filter((line) => /^\| `[\w-]+` \| (error|warning) /.test(line))).toEqual(rows);
});

test("the documentation says of each of squawk's rules why it is asked or not", () => {
  const rows = Object.entries(squawkRules).map(([name, rule]) =>
    "as" in rule
      ? `| \`${name}\` | told as \`${rule.as}\`: ${rule.because} |`
      : `| \`${name}\` | not asked: ${rule.off} |`,
  );

  expect(lines.filter((line) => /^\| `[\w-]+` \| (told as|not asked)/.test(line))).toEqual(rows);
});
