import { RoundTrips } from "../../bench/support/proxy";
import { describeTarget, isMet, number } from "../../bench/support/result";
import { quantile, summarize } from "../../bench/support/statistics";

test("quartiles and median lie between the values", () => {
  expect(summarize([4, 1, 3, 2])).toEqual({ median: 2.5, low: 1.75, high: 3.25, n: 4 });
  expect(quantile([7], 0.25)).toBe(7);
});

test("a target is met up to its limit, and says by how much it is missed", () => {
  const target = { what: "against psql", atMost: 1.3, measured: 1.3, unit: "x" };

  expect(isMet(target)).toBe(true);
  expect(describeTarget({ ...target, measured: 1.55 })).toBe("against psql: 1.55 x, target 1.3 x: missed by 0.25");
});

test.each([
  [1.234, "1.23"],
  [12.0, "12"],
  [345.6, "346"],
])("%d is printed as %s", (value, text) => {
  expect(number(value)).toBe(text);
});

describe("a round trip", () => {
  const startup = Buffer.from([0, 0, 0, 8, 0, 3, 0, 0]);
  const [query, password, goodbye] = ["QSELECT 1", "psecret", "X"].map((text) => Buffer.from(text)) as [
    Buffer,
    Buffer,
    Buffer,
  ];

  it("begins with the first query, not with logging in, and is over with the answer", () => {
    const counter = new RoundTrips();

    expect(counter.sent(startup)).toBe(false);
    counter.received();
    expect(counter.sent(password)).toBe(false);
    counter.received();
    expect(counter.sent(query)).toBe(true);
    counter.received();
    expect(counter.sent(query)).toBe(true);
    counter.received();
    expect(counter.sent(goodbye)).toBe(false);
  });

  it("is one for everything that is sent before the answer", () => {
    const counter = new RoundTrips();
    counter.sent(startup);

    expect([counter.sent(query), counter.sent(query)]).toEqual([true, false]);
  });
});
