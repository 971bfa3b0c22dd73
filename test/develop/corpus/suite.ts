import { serverUrl, testBinaries } from "../../support/database";
import { type CorpusCase, readCases } from "./case";
import { type Group, groupOf } from "./groups";
import { type OpenScratch, openScratch } from "./open-scratch";
import { runCase } from "./run-case";
import { faultsOf, type Outcome, scoreTable } from "./score";

/** Of how many cases of an area the sample has one. */
const sampled = 10;

/** Declares the tests of a group's cases, all of them: `npm run test:matrix`. */
export function testGroup(group: Group): void {
  testCases(allCases().filter(({ area }) => groupOf(area) === group));
}

/** Declares the tests of what every run of the tests takes of the corpus: the first case of each area and each tenth after it. */
export function testSample(): void {
  testCases(sampleOf(allCases()));
}

/** The first case of each area, and each tenth after it. */
export function sampleOf(cases: readonly CorpusCase[]): CorpusCase[] {
  const seen = new Map<string, number>();
  return cases.filter(({ area }) => {
    const before = seen.get(area) ?? 0;
    seen.set(area, before + 1);
    return before % sampled === 0;
  });
}

function allCases(): CorpusCase[] {
  return readCases(testBinaries().major);
}

/** Declares a test for each case; prints what they come to in the end. */
function testCases(cases: readonly CorpusCase[]): void {
  const outcomes: Outcome[] = [];
  let open: OpenScratch | undefined;

  beforeAll(async () => {
    open = await openScratch(serverUrl());
  });
  afterAll(async () => {
    await open?.close();
    process.stdout.write(`\n${scoreTable(outcomes)}\n`);
  });

  it.each(cases)("$name: $why", async (corpusCase) => {
    if (!open) {
      throw new Error("the scratch databases are not open");
    }
    const outcome = await runCase(corpusCase, open.scratch);
    outcomes.push(outcome);
    expect(faultsOf(outcome)).toEqual([]);
  });
}
