import { serverUrl, testBinaries } from "../../support/database";
import { type CorpusCase, readCases } from "./case";
import { type Group, groupOf, sampleOf } from "./groups";
import { type OpenScratch, openScratch } from "./open-scratch";
import { runCase } from "./run-case";
import { faultsOf, type Outcome, scoreTable } from "./score";

/** Declares the tests of a group's cases, all of them: `npm run test:matrix`. */
export function testGroup(group: Group): void {
  testCases(allCases().filter(({ area }) => groupOf(area) === group));
}

/** Declares the tests of what `npm test` takes of the corpus. */
export function testSample(): void {
  testCases(sampleOf(allCases()));
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
