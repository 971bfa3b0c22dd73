import { join } from "node:path";
import type { Benchmark, Context } from "./support/context";
import { type Contestant, interleave, run } from "./support/interleave";
import { ours, sealSet } from "./support/ours";
import type { Row } from "./support/result";
import { tables } from "./support/sets";

const counts = [10, 100, 1_000, 10_000];
const most = counts.at(-1) ?? 0;
const looks = ["status", "history"];

export const applied: Benchmark = {
  name: "applied",
  about: "the same start against the number of applied migrations; status and history over 10,000",
  run: async (context) => {
    const contestants = [];
    for (const count of counts) {
      contestants.push(await upToDate(context, count));
    }
    const last = contestants.at(-1);
    for (const command of last ? looks : []) {
      contestants.push({ ...(last as Contestant), label: command, command: [context.node, "dist/cli.js", command] });
    }
    const summaries = await interleave(contestants, { rounds: context.rounds(30) });
    const rows: Row[] = contestants.map(({ label }, index) => ({ label, ...summaries[index] }));
    const median = (index: number) => summaries[index]?.median ?? Number.NaN;
    const ten = median(0);
    const target = (what: string, measured: number, atMost: number) => ({ what, measured, atMost, unit: "x" });
    return {
      title: "a start with nothing to do, against the number of applied migrations",
      rows,
      targets: [
        target("1,000 against 10", median(2) / ten, 1.15),
        target("10,000 against 10", median(3) / ten, 1.15),
        ...looks.map((name, index) => target(`${name} over 10,000`, median(counts.length + index) / median(3), 1.3)),
      ],
      curves: {
        x: "applied migrations",
        y: "ms",
        lines: [{ label: "up", points: counts.map((x, index) => ({ x, y: median(index) })) }],
      },
      notes: [],
    };
  },
};

/** A start on a database on which a sealed set was applied; the ledger is filled by the migrator itself. */
async function upToDate(context: Context, count: number): Promise<Contestant> {
  const { server, dir } = context;
  const database = `applied_${count}`;
  await server.create(database);
  const sealed = sealSet(join(dir, String(count)), tables(count));
  const start = ours(context, `${count.toLocaleString("en-US")} applied`, sealed, server.trustUrl(database));
  if (count === most) {
    context.log(`applying ${most} migrations …`);
  }
  run(start);
  await server.query(database, "VACUUM ANALYZE schemagate.migrations, schemagate.runs");
  return start;
}
