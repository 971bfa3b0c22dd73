// How long `generate` takes on a schema of 500 tables, beside pg_dump --schema-only of the same database. See README.md.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { compareCatalogs } from "../develop/catalog/compare";
import { readCatalog } from "../develop/catalog/read";
import { propose, readState } from "../develop/generate/engine";
import { Cluster } from "../migrator/embedded/cluster";
import { bigSchema, tableCount } from "./big-schema";
import { type Cost, measure } from "./measure";
import { quantile } from "./support/statistics";

const runs = 5;
const changeCount = 20;
const root = join(__dirname, "..");

async function main(): Promise<void> {
  const programs = findPrograms();
  const dir = mkdtempSync(join(tmpdir(), "generate-500-"));
  const cluster = new Cluster(programs, dir, ["max_connections=30", "shared_buffers=256MB"]);
  await cluster.start();
  try {
    const project = makeProject(dir);
    const [plain, changed] = [await databaseOf(cluster, "plain", 0), await databaseOf(cluster, "changed", changeCount)];
    const url = await cluster.url();
    console.log(`PostgreSQL ${programs.major}, ${tableCount} tables, medians of ${runs}\n`);
    const dump = await repeat(() => measure(programs.pgDump, ["--schema-only", plain]));
    print("pg_dump --schema-only", dump, dump);
    print("reading one catalog", await repeat(() => timed(plain, catalogOf)), dump);
    print("diff: both catalogs, compared", await repeat(() => diffCatalogs(plain, changed)), dump);
    print("diff: engine, both schemas to statements", await repeat(() => diffEngine(plain, changed)), dump);
    for (const [label, models, code] of [
      ["generate, no change", "plain.sql", 0],
      [`generate, ${changeCount} changes`, "changed.sql", 0],
    ] as const) {
      const args = ["generate", "--dir", "migrations", "--models", models, "-m", "bench", "--dry-run"];
      const env = { ...process.env, DATABASE_URL: url };
      const run = () =>
        measure(process.execPath, [join(root, "dist/cli.js"), ...args], { cwd: project, env, exitCodes: [code] });
      print(label, await repeat(run), dump);
    }
  } finally {
    await cluster.stop("immediate");
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A server and the pg_dump of its version, which the embedded PostgreSQL does not have: Debian's. */
function findPrograms() {
  const debian = "/usr/lib/postgresql";
  const majors = existsSync(debian) ? readdirSync(debian).map(Number).filter(Boolean) : [];
  const major = majors.sort((a, b) => b - a).find((one) => existsSync(join(debian, String(one), "bin/pg_dump")));
  const bin = process.env.PG_BIN ?? (major && join(debian, String(major), "bin"));
  if (!bin || !existsSync(join(bin, "initdb"))) {
    throw new Error(
      "no server with its pg_dump: apt-get install postgresql-15, or name the directory of one in PG_BIN",
    );
  }
  return { initdb: join(bin, "initdb"), pgCtl: join(bin, "pg_ctl"), pgDump: join(bin, "pg_dump"), major: major ?? 0 };
}

/** A project whose migration leads to the plain schema. */
function makeProject(dir: string): string {
  const project = join(dir, "project");
  mkdirSync(join(project, "migrations"), { recursive: true });
  const migration = `-- migrate:up\n${bigSchema(0)}\n\n-- migrate:down\nDROP SCHEMA public CASCADE;\n`;
  writeFileSync(join(project, "migrations/20260101000000_everything.sql"), migration);
  writeFileSync(join(project, "plain.sql"), bigSchema(0));
  writeFileSync(join(project, "changed.sql"), bigSchema(changeCount));
  return project;
}

async function databaseOf(cluster: Cluster, name: string, changed: number): Promise<string> {
  await withClient(await cluster.url(), (client) => client.query(`CREATE DATABASE ${name}`));
  const url = await cluster.url(name);
  await withClient(url, (client) => client.query(bigSchema(changed)));
  return url;
}

const catalogOf = (client: Client) => readCatalog(client, { ignoreSchemas: [] });

async function timed(url: string, body: (client: Client) => Promise<unknown>): Promise<Cost> {
  const start = performance.now();
  await withClient(url, body);
  return { ms: performance.now() - start };
}

async function diffCatalogs(from: string, to: string): Promise<Cost> {
  const start = performance.now();
  const before = await withClient(from, catalogOf);
  expectChanges(compareCatalogs(await withClient(to, catalogOf), before).length);
  return { ms: performance.now() - start };
}

async function diffEngine(from: string, to: string): Promise<Cost> {
  const start = performance.now();
  const before = await withClient(from, readState);
  expectChanges(propose(before, await withClient(to, readState)).length);
  return { ms: performance.now() - start };
}

function expectChanges(count: number): void {
  if (count < changeCount) {
    throw new Error(`${count} differences were found, there are at least ${changeCount}`);
  }
}

async function withClient<T>(connectionString: string, body: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return await body(client);
  } finally {
    await client.end();
  }
}

async function repeat(run: () => Promise<Cost>): Promise<Cost[]> {
  const costs: Cost[] = [];
  for (let turn = 0; turn < runs; turn += 1) {
    costs.push(await run());
  }
  return costs;
}

function print(label: string, costs: readonly Cost[], dump: readonly Cost[]): void {
  const ms = quantile(
    costs.map((cost) => cost.ms),
    0.5,
  );
  const ratio =
    ms /
    quantile(
      dump.map((cost) => cost.ms),
      0.5,
    );
  const peaks = costs.flatMap(({ peakMb }) => peakMb ?? []);
  const memory = peaks.length > 0 ? `${quantile(peaks, 0.5).toFixed(0)} MB` : "";
  console.log(
    `${label.padEnd(42)}${ms.toFixed(0).padStart(8)} ms${`${ratio.toFixed(1)} x pg_dump`.padStart(16)}${memory.padStart(10)}`,
  );
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
