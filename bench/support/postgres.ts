import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { type Binaries, findBinaries } from "../../migrator/embedded/binaries";
import { Cluster } from "../../migrator/embedded/cluster";

/** A server of the benchmarks' own. */
export interface BenchServer {
  readonly version: string;
  /** URL of a database, with a password (SCRAM). */
  readonly url: (database: string) => string;
  /** The same without one: the server trusts this role. */
  readonly trustUrl: (database: string) => string;
  /** Makes a database, as a copy of another one where that is named. */
  readonly create: (database: string, template?: string) => Promise<void>;
  readonly drop: (database: string) => Promise<void>;
  readonly query: (database: string, sql: string) => Promise<Record<string, unknown>[]>;
  readonly stop: () => Promise<void>;
}

const debian = "/usr/lib/postgresql";
/** The version the figures are about, where it is installed. */
const preferredMajor = 15;
const trusted = "trusted";

/** psql itself; what Debian has in the PATH is a script that looks for it, and takes longer than psql. */
export function findPsql(): string | undefined {
  const majors = existsSync(debian) ? readdirSync(debian).map(Number) : [];
  const [newest] = majors.sort((a, b) => b - a);
  const path = join(debian, String(newest), "bin/psql");
  return existsSync(path) ? path : undefined;
}

/** Starts a server with PostgreSQL's defaults, but for more connections. */
export async function startServer(): Promise<BenchServer> {
  const dir = mkdtempSync(join(tmpdir(), "bench-postgres-"));
  const binaries = findDebian() ?? findBinaries();
  if (!binaries) {
    throw new Error("no PostgreSQL: install postgresql-15, or run `npm ci`");
  }
  const cluster = new Cluster(binaries, dir, ["max_connections=200"]);
  await cluster.start();
  const base = await cluster.url("postgres");
  const query = (database: string, sql: string) => queryAt(at(base, database), sql);
  await query("postgres", `CREATE ROLE ${trusted} SUPERUSER LOGIN`);
  const rules = join(dir, "postgres/pg_hba.conf");
  writeFileSync(rules, `host all ${trusted} 127.0.0.1/32 trust\n${readFileSync(rules, "utf8")}`);
  await query("postgres", "SELECT pg_reload_conf()");
  const [row] = await query("postgres", "SHOW server_version");
  return {
    version: `PostgreSQL ${row?.server_version}`,
    url: (database) => at(base, database),
    trustUrl: (database) => at(base, database, trusted),
    create: async (database, template) => {
      await query("postgres", `CREATE DATABASE ${database}${template ? ` TEMPLATE ${template}` : ""}`);
    },
    drop: async (database) => {
      await query("postgres", `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    },
    query,
    stop: async () => {
      await cluster.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function findDebian(): Binaries | undefined {
  const bin = join(debian, String(preferredMajor), "bin");
  return existsSync(join(bin, "initdb"))
    ? { initdb: join(bin, "initdb"), pgCtl: join(bin, "pg_ctl"), major: preferredMajor }
    : undefined;
}

function at(base: string, database: string, user?: string): string {
  const url = new URL(base);
  url.pathname = `/${database}`;
  if (user) {
    url.username = user;
    url.password = "";
  }
  return url.href;
}

async function queryAt(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Version that a program prints, or undefined where there is none. */
export function versionOf(program: string, ...args: string[]): string | undefined {
  try {
    return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })
      .trim()
      .split("\n")[0];
  } catch {
    return undefined;
  }
}
