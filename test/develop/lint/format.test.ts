import type { Finding } from "../../../develop/lint/finding";
import { annotations } from "../../../develop/lint/format/github";
import { findingLines } from "../../../develop/lint/format/json";
import { toSarif } from "../../../develop/lint/format/sarif";
import { ruleNames } from "../../../develop/lint/rules";

const finding: Finding = {
  rule: "truncate",
  level: "error",
  migration: "1_a",
  file: "/srv/sql, all/1%a.sql",
  line: 4,
  column: 3,
  endLine: 4,
  endColumn: 12,
  what: "table a is emptied: 100%",
  why: "Gone.\nFor good.",
  instead: "Do not.",
  excerpt: "4 |   TRUNCATE a\n      ^",
  engine: "schemagate",
};

test("escapes what a workflow command would take for its own", () => {
  expect(annotations([finding], "/srv")).toEqual([
    "::error file=sql%2C all/1%25a.sql,line=4,endLine=4,col=3,endColumn=12,title=truncate::table a is emptied: 100%25. Gone.%0AFor good. Do not.",
  ]);
});

test("prints a JSON line for each finding and one with the numbers", () => {
  const lines = findingLines([finding, { ...finding, level: "warning" }], { migrations: 3, unread: ["2_b"] }, "/srv");

  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { event: "finding", ...finding, file: "sql, all/1%a.sql" },
    { event: "finding", ...finding, file: "sql, all/1%a.sql", level: "warning" },
    { event: "lint", errors: 1, warnings: 1, migrations: 3, unread: ["2_b"] },
  ]);
});

test("writes SARIF 2.1.0: rules, results that point to them, places", () => {
  const sarif = JSON.parse(toSarif([finding], "/srv", "1.2.3"));

  expect(sarif).toMatchObject({ version: "2.1.0", $schema: expect.stringContaining("sarif-2.1.0") });
  const [run] = sarif.runs;
  expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(ruleNames);
  expect(run.results).toEqual([
    {
      ruleId: "truncate",
      ruleIndex: ruleNames.indexOf("truncate"),
      level: "error",
      message: { text: "table a is emptied: 100%. Gone.\nFor good. Do not." },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "sql%2C%20all/1%25a.sql" },
            region: { startLine: 4, startColumn: 3, endLine: 4, endColumn: 12 },
          },
        },
      ],
    },
  ]);
});
