import type { Finding } from "../../../develop/lint/finding";
import { ruleNames } from "../../../develop/lint/rules";
import { lockCases } from "./cases-locks";
import { otherCases } from "./cases-others";
import { lintCases } from "./support";

const cases = [...lockCases, ...otherCases];
let found: Finding[][];

beforeAll(async () => {
  found = await lintCases(cases);
});

test.each(cases.map((one, index) => [index, one.options ?? "", one.down ?? "", one.sql, one] as const))(
  "%i: %s %s %s",
  (index, _options, _down, _sql, { rules }) => {
    expect(found[index]?.map(({ rule }) => rule).sort()).toEqual([...rules]);
  },
);

test("each rule finds something in one of the cases", () => {
  const tested = new Set(cases.flatMap(({ rules }) => rules));

  expect(ruleNames.filter((rule) => !tested.has(rule))).toEqual([]);
});
