import { testBinaries } from "../../support/database";
import { readCases } from "./case";
import { sampleOf } from "./groups";

const all = readCases(Number.POSITIVE_INFINITY);

describe("the corpus of schema changes", () => {
  it("has at least 160 changes of one thing and 20 of several", () => {
    const combined = all.filter(({ area }) => area === "combined");
    expect(combined.length).toBeGreaterThanOrEqual(20);
    expect(all.length - combined.length).toBeGreaterThanOrEqual(160);
  });

  // Every other case has a test of its own, which asks for a proof that holds, up and down.
  it("expects a proof of at least 97 % of them", () => {
    const provable = readCases(testBinaries().major).filter((one) => one.provable);
    expect(provable.length / readCases(testBinaries().major).length).toBeGreaterThanOrEqual(0.97);
  });

  it("has a sample of every area, with models, with rows that contradict and with what cannot be proven", () => {
    const sample = sampleOf(all);
    expect(new Set(sample.map(({ area }) => area))).toEqual(new Set(all.map(({ area }) => area)));
    expect(sample.length).toBeLessThan(all.length / 5);
    expect(sample.some(({ models }) => models)).toBe(true);
    expect(sample.some(({ refuses }) => refuses)).toBe(true);
    expect(sample.some(({ provable }) => !provable)).toBe(true);
  });

  it("says of every case why it is one", () => {
    expect(all.filter(({ why }) => !/^[A-Z].*\.$/s.test(why)).map(({ name }) => name)).toEqual([]);
  });
});
