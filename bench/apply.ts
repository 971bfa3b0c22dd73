import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { presentPeers } from "./peers";
import { slugOf } from "./peers/peer";
import type { Benchmark, Context } from "./support/context";
import { fresh } from "./support/fresh";
import { type Contestant, interleave } from "./support/interleave";
import { ours, sealSet } from "./support/ours";
import { findPsql } from "./support/postgres";
import type { Row, Target } from "./support/result";
import { type BenchMigration, tables } from "./support/sets";

const count = 1_000;
const counts = [10, 100, 1_000, 5_000];

export const apply: Benchmark = {
  name: "apply",
  about: "1,000 small migrations: ours, psql, other tools; and ours against their number",
  run: async (context) => {
    const migrations = tables(count);
    const { present, notes } = presentPeers(context.log);
    const contestants: Contestant[] = [
      ...psqlContestant(context, migrations),
      fresh(context, "apply_ours", (url) =>
        ours(context, "schemagate", sealSet(join(context.dir, "ours"), migrations), url),
      ),
      ...present.map((peer) =>
        fresh(context, `apply_${slugOf(peer)}`, (url) => ({
          label: peer.name,
          ...peer.prepare(join(context.dir, slugOf(peer), "migrations"), migrations, context.node)(url),
        })),
      ),
    ];
    const summaries = await interleave(contestants, { rounds: context.rounds(9), warmUp: 1 });
    const rows: Row[] = contestants.map(({ label }, index) => ({ label, ...summaries[index] }));
    return {
      title: `${count.toLocaleString("en-US")} pending migrations, a table each`,
      rows,
      targets: targetsOf(rows),
      curves: { x: "pending migrations", y: "ms", lines: [{ label: "up", points: await curve(context) }] },
      notes: [
        "psql reads one script, which includes each file's statements between BEGIN and COMMIT.",
        "Drizzle and node-pg-migrate apply all of them in one transaction, everybody else each in its own.",
        ...notes,
      ],
    };
  },
};

function psqlContestant(context: Context, migrations: readonly BenchMigration[]): Contestant[] {
  const psql = findPsql();
  if (!psql) {
    context.log("psql is not there: install postgresql-client-15");
    return [];
  }
  const files = join(context.dir, "psql");
  mkdirSync(files);
  const lines = migrations.map(({ version, up }) => {
    const file = join(files, `${version}.sql`);
    writeFileSync(file, `${up}\n`);
    return `BEGIN;\n\\i ${file}\nCOMMIT;`;
  });
  const script = join(files, "all.sql");
  writeFileSync(script, `${lines.join("\n")}\n`);
  const command = [psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", script];
  return [fresh(context, "apply_psql", (url) => ({ label: "psql", command: [...command, `${url}?sslmode=disable`] }))];
}

async function curve(context: Context): Promise<{ x: number; y: number }[]> {
  const contestants = counts.map((n) =>
    fresh(context, `apply_curve_${n}`, (url) =>
      ours(context, String(n), sealSet(join(context.dir, `curve_${n}`), tables(n)), url),
    ),
  );
  const summaries = await interleave(contestants, { rounds: context.rounds(5), warmUp: 1 });
  return summaries.map(({ median }, index) => ({ x: counts[index] ?? 0, y: median }));
}

function targetsOf(rows: readonly Row[]): Target[] {
  const median = (label: string) => rows.find((row) => row.label === label)?.median;
  const [own, psql] = [median("schemagate"), median("psql")];
  return own && psql ? [{ what: "against psql", measured: own / psql, atMost: 1.3, unit: "x" }] : [];
}
