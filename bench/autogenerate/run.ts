// What autogenerate makes of the corpus of schema changes, the project's own and Alembic's side by side. See ../README.md.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cluster } from "../../migrator/embedded/cluster";
import { type CorpusCase, readCases } from "../../test/develop/corpus/case";
import { openScratch } from "../../test/develop/corpus/open-scratch";
import { runCase } from "../../test/develop/corpus/run-case";
import type { Outcome } from "../../test/develop/corpus/score";
import { testBinaries } from "../../test/support/database";
import { Alembic } from "./alembic";
import { type AlembicOutcome, runAlembic } from "./run-alembic";

/** For all cases together; what is not run by then is not counted. */
const limitMs = 45 * 60_000;

interface Pair {
  readonly corpusCase: CorpusCase;
  readonly ours?: Outcome;
  readonly alembic?: AlembicOutcome;
}

async function main(pattern: string): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), "autogenerate-"));
  const binaries = testBinaries();
  const cluster = new Cluster(binaries, dir, ["fsync=off", "max_connections=50"]);
  await cluster.start();
  try {
    const cases = readCases(binaries.major).filter(({ name }) => new RegExp(pattern).test(name));
    const pairs = await runAll(cases, await cluster.url());
    console.log(table(pairs));
    console.log(`\n${pairs.length} of ${cases.length} cases on PostgreSQL ${binaries.major}`);
  } finally {
    await cluster.stop("immediate");
    rmSync(dir, { recursive: true, force: true });
  }
}

async function runAll(cases: readonly CorpusCase[], url: string): Promise<Pair[]> {
  const { scratch, close } = await openScratch(url);
  const alembic = new Alembic();
  const end = Date.now() + limitMs;
  const pairs: Pair[] = [];
  try {
    for (const corpusCase of cases) {
      if (Date.now() > end) {
        break;
      }
      const ours = await runCase(corpusCase, scratch).catch(() => undefined);
      const theirs = await runAlembic(corpusCase, scratch, alembic);
      pairs.push({ corpusCase, ours, alembic: theirs });
      console.log(
        `${corpusCase.name}: ours up ${ours?.up ?? "error"}, down ${ours?.down ?? "error"}; Alembic ${describe(theirs)}`,
      );
    }
  } finally {
    alembic.end();
    await close();
  }
  return pairs;
}

function describe({ up, down, losesRows, notes }: AlembicOutcome): string {
  const words = [
    `up ${up ? "right" : "wrong"}`,
    `down ${down ? "right" : "wrong"}`,
    ...(losesRows ? ["LOSES ROWS"] : []),
  ];
  return `${words.join(", ")}${notes[0] ? ` (${notes[0].slice(0, 160)})` : ""}`;
}

function table(pairs: readonly Pair[]): string {
  const areas = [...new Set(pairs.map(({ corpusCase }) => corpusCase.area))];
  const share = (some: readonly Pair[], isRight: (pair: Pair) => boolean) => {
    const right = some.filter(isRight).length;
    return `${right} (${((100 * right) / some.length).toFixed(0)}%)`;
  };
  const line = (name: string, some: readonly Pair[]) => [
    name,
    String(some.length),
    share(some, ({ ours }) => ours?.up === "right"),
    share(some, ({ alembic }) => alembic?.up === true),
    share(some, ({ ours }) => ours?.down === "right"),
    share(some, ({ alembic }) => alembic?.down === true),
    String(some.filter(({ ours }) => ours && ours.silentLosses.length > 0).length),
    String(some.filter(({ alembic }) => alembic?.losesRows).length),
  ];
  const head = ["area", "cases", "up: ours", "Alembic", "down: ours", "Alembic", "rows lost: ours", "Alembic"];
  const lines = [
    head,
    ...areas.map((area) =>
      line(
        area,
        pairs.filter(({ corpusCase }) => corpusCase.area === area),
      ),
    ),
    line("all", pairs),
  ];
  return lines.map((cells) => cells.map((cell, index) => cell.padEnd(index === 0 ? 14 : 16)).join("")).join("\n");
}

main(process.argv[2] ?? "").catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
