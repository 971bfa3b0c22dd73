import { serverUrl, testBinaries } from "../../support/database";
import { readCases } from "./case";
import { type Group, groupOf } from "./groups";
import { type OpenScratch, openScratch } from "./open-scratch";
import { runCase } from "./run-case";
import { faultsOf, type Outcome, scoreTable } from "./score";

/**
 * A case takes two to three seconds, most of it PostgreSQL's: every run of the tests takes each fifth one, and all of
 * them with SCHEMAGATE_CORPUS=all.
 */
const everyNth = process.env.SCHEMAGATE_CORPUS === "all" ? 1 : 5;

/** Declares the tests of a group's cases; prints what they come to in the end. */
export function testGroup(group: Group): void {
  const cases = readCases(testBinaries().major)
    .filter(({ area }) => groupOf(area) === group)
    .filter((_, index) => index % everyNth === 0);
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
