import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { inModules } from "./peers/installed";
import type { Benchmark, Context } from "./support/context";
import { fresh } from "./support/fresh";
import { type Contestant, interleave, peakMemory } from "./support/interleave";
import { ours, sealDirectory } from "./support/ours";
import { findPsql } from "./support/postgres";
import type { Row, Target } from "./support/result";

const fileBytes = 200_000_000;
/** As a dump has them; psql waits for each statement, and would be hopeless with a row in each. */
const rowsOfInsert = 1_000;
const batchRows = 5_000_000;
const batchSize = 10_000;

export const data: Benchmark = {
  name: "data",
  about: "one SQL file of 200 MB beside psql; 5 million rows in batches beside a plain loop",
  run: async (context) => {
    const file = await fileContestants(context);
    const batches = await batchContestants(context);
    const rows: Row[] = [];
    for (const pair of [file, batches]) {
      const summaries = await interleave(pair, { rounds: context.rounds(3), warmUp: 0 });
      rows.push(...pair.map(({ label }, index) => ({ label, ...summaries[index] })));
    }
    const memory: string[] = [];
    for (const contestant of file) {
      await contestant.before?.();
      memory.push(`${contestant.label}: ${peakMemory(contestant)?.toFixed(0)} MB at the most`);
    }
    return {
      title: "much data in one migration",
      rows,
      targets: [speedTarget("speed of the file against psql", rows, 0), speedTarget("speed of the batches", rows, 2)],
      notes: [...memory, `Batches of ${batchSize.toLocaleString("en-US")} rows, each in a transaction of its own.`],
    };
  },
};

/** Speed is the inverse of time: at least 0.9 of the other's speed is at most 1.11 times its time. */
function speedTarget(what: string, rows: readonly Row[], index: number): Target {
  const [other, own] = [rows[index]?.median ?? Number.NaN, rows[index + 1]?.median ?? Number.NaN];
  return { what: `${what}, as time`, measured: own / other, atMost: 1 / 0.9, unit: "x" };
}

/** psql first. */
async function fileContestants(context: Context): Promise<Contestant[]> {
  const { dir } = context;
  const [sources, plain] = [join(dir, "file/sources"), join(dir, "file/data.sql")];
  mkdirSync(sources, { recursive: true });
  writeInserts(plain, "");
  writeInserts(join(sources, "20260101000000_data.sql"), "-- migrate:up\n");
  const sealed = sealDirectory(sources, join(dir, "file/sealed"));
  const psql = findPsql();
  if (!psql) {
    throw new Error("the file is compared with psql: install postgresql-client-15");
  }
  const command = [psql, "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-f", plain];
  return [
    fresh(context, "data_psql", (url) => ({ label: "psql, 200 MB", command: [...command, `${url}?sslmode=disable`] })),
    fresh(context, "data_ours", (url) => ours(context, "schemagate, 200 MB", sealed, url)),
  ];
}

function writeInserts(path: string, head: string): void {
  const file = openSync(path, "w");
  let written = writeSync(file, `${head}CREATE TABLE item (id bigint, name text, note text);\n`);
  for (let id = 0; written < fileBytes; ) {
    const rows: string[] = [];
    for (const end = id + rowsOfInsert; id < end; id += 1) {
      rows.push(`(${id}, 'item ${id}', '${"some text about it ".repeat(5)}')`);
    }
    written += writeSync(file, `INSERT INTO item VALUES\n${rows.join(",\n")};\n`);
  }
  closeSync(file);
}

const table = `CREATE TABLE item AS SELECT i AS id, i AS amount FROM generate_series(1, ${batchRows}) i`;
const key = "ALTER TABLE item ADD PRIMARY KEY (id)";
const next = `SELECT id FROM item WHERE id > $1 ORDER BY id LIMIT ${batchSize}`;
const change = "UPDATE item SET amount = amount + 1 WHERE id = ANY ($1)";

/** The plain loop first. */
async function batchContestants(context: Context): Promise<Contestant[]> {
  const { server, dir, node } = context;
  await server.create("batch_template");
  await server.query("batch_template", `${table}; ${key}; ANALYZE item`);
  const loop = join(dir, "loop.cjs");
  writeFileSync(loop, loopProgram);
  const sources = join(dir, "batches/sources");
  mkdirSync(sources, { recursive: true });
  writeFileSync(join(sources, "20260101000000_batches.ts"), migrationModule);
  const sealed = sealDirectory(sources, join(dir, "batches/sealed"));
  const env = { NODE_PATH: inModules() };
  return [
    fresh(
      context,
      "batch_loop",
      (url) => ({ label: "a plain loop, 5 M rows", command: [node, loop, url], env }),
      "batch_template",
    ),
    fresh(context, "batch_ours", (url) => ours(context, "schemagate, 5 M rows", sealed, url), "batch_template"),
  ];
}

const loopProgram = `
const { Client } = require("pg");
(async () => {
  const client = new Client(process.argv[2]);
  await client.connect();
  for (let last = 0; ; ) {
    await client.query("BEGIN");
    const keys = (await client.query(${JSON.stringify(next)}, [last])).rows.map(({ id }) => id);
    if (keys.length > 0) {
      await client.query(${JSON.stringify(change)}, [keys]);
    }
    await client.query("COMMIT");
    if (keys.length === 0) break;
    last = keys.at(-1);
  }
  await client.end();
})();
`;

const migrationModule = `
export const batches = {
  next: async (client: any, last: number | undefined) =>
    (await client.query(${JSON.stringify(next)}, [last ?? 0])).rows.map(({ id }: { id: number }) => id),
  apply: (client: any, keys: readonly number[]) => client.query(${JSON.stringify(change)}, [keys]),
};
`;
