import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { presentPeers } from "./peers";
import { type Peer, slugOf } from "./peers/peer";
import { bundle } from "./support/bundle";
import type { Benchmark, Context } from "./support/context";
import { type Contestant, interleave, peakMemory, run } from "./support/interleave";
import { ours, sealSet } from "./support/ours";
import { findPsql } from "./support/postgres";
import { startCountingProxy, type Traffic } from "./support/proxy";
import type { Row, Target } from "./support/result";
import { type BenchMigration, tables } from "./support/sets";
import { runTogether } from "./support/together";

const count = 10;

export const noop: Benchmark = {
  name: "noop",
  about: "a start with nothing to do, 10 migrations applied: ours, Node's own, a bare pg, other tools",
  run: async (context) => {
    const migrations = tables(count);
    const { present, notes } = presentPeers(context.log);
    const entries = [
      ...(await ownEntries(context, migrations)),
      ...(await bareEntries(context)),
      ...(await Promise.all(present.map((peer) => peerEntry(context, peer, migrations)))),
    ];
    const summaries = await interleave(
      entries.map(({ contestant }) => contestant),
      { rounds: context.rounds(40) },
    );
    const rows: Row[] = [];
    for (const [index, { contestant, throughProxy }] of entries.entries()) {
      const facts = await factsOf(contestant, throughProxy);
      rows.push({ label: contestant.label, ...summaries[index], facts });
    }
    return { title: `a start with nothing to do, ${count} migrations applied`, rows, targets: targetsOf(rows), notes };
  },
};

/** Something to measure, and how to measure what it sends, where it talks to a server. */
interface Entry {
  readonly contestant: Contestant;
  readonly throughProxy?: () => Promise<Traffic>;
}

const floor = "node -e 0";
const oursTrust = "schemagate, no password";
const oursScram = "schemagate";

async function ownEntries(context: Context, migrations: readonly BenchMigration[]): Promise<Entry[]> {
  const { server, node, dir } = context;
  await server.create("noop_ours");
  const sealed = sealSet(dir, migrations);
  const entry = (label: string, url: string) => counted(url, (through) => ours(context, label, sealed, through));
  run(ours(context, "apply", sealed, server.url("noop_ours")));
  return [
    { contestant: { label: floor, command: [node, "-e", "0"] } },
    entry(oursTrust, server.trustUrl("noop_ours")),
    entry(oursScram, server.url("noop_ours")),
  ];
}

/** What any program in JavaScript pays: pg in one file, that connects and asks for 1. */
async function bareEntries({ server, dir, node }: Context): Promise<Entry[]> {
  const source = join(dir, "bare.cjs");
  writeFileSync(
    source,
    `const { Client } = require("pg");
     (async () => {
       const client = new Client(process.env.DATABASE_URL);
       await client.connect();
       await client.query("SELECT 1");
       await client.end();
     })();`,
  );
  const program = bundle(source, join(dir, "bare-bundle.cjs"));
  const url = server.trustUrl("postgres");
  const bare = (label: string, env = {}) =>
    counted(url, (through) => ({ label, command: [node, program], env: { DATABASE_URL: through, ...env } }));
  const psql = findPsql();
  const select = (label: string, at: string): Entry[] =>
    psql
      ? [
          counted(at, (through) => ({
            label,
            command: [psql, "-X", "-q", "-c", "SELECT 1", `${through}?sslmode=disable`],
          })),
        ]
      : [];
  return [
    bare("pg, bundled, SELECT 1, no password"),
    bare("the same with a compile cache", { NODE_COMPILE_CACHE: join(dir, "compile-cache") }),
    ...select("psql, SELECT 1, no password", url),
    ...select("psql, SELECT 1", server.url("postgres")),
  ];
}

async function peerEntry(
  { server, dir, node }: Context,
  peer: Peer,
  migrations: readonly BenchMigration[],
): Promise<Entry> {
  const name = `noop_${slugOf(peer)}`;
  await server.create(name);
  const start = peer.prepare(join(dir, name, "migrations"), migrations, node);
  const entry = counted(server.url(name), (through) => ({ label: peer.name, ...start(through) }));
  run(entry.contestant);
  return entry;
}

function counted(url: string, contestant: (url: string) => Contestant): Entry {
  return {
    contestant: contestant(url),
    throughProxy: async () => {
      const proxy = await startCountingProxy(url);
      try {
        // The proxy lives in this process, so this one must not wait for it in its sleep.
        const { codes } = await runTogether([contestant(proxy.through(url))]);
        if (codes[0] !== 0) {
          throw new Error(`${contestant(url).label} ended with ${codes[0]} behind the proxy`);
        }
        return proxy.traffic();
      } finally {
        await proxy.close();
      }
    },
  };
}

async function factsOf(contestant: Contestant, throughProxy: Entry["throughProxy"]): Promise<Row["facts"]> {
  const memory = peakMemory(contestant);
  const traffic = await throughProxy?.();
  return {
    ...(memory && { MB: memory }),
    ...(traffic && { connections: traffic.connections, "round trips": traffic.roundTrips, bytes: traffic.bytes }),
  };
}

function targetsOf(rows: readonly Row[]): Target[] {
  const find = (label: string) => rows.find((row) => row.label === label);
  const median = (label: string) => find(label)?.median ?? Number.NaN;
  const fact = (label: string, name: string) => Number(find(label)?.facts?.[name]);
  const own = median(oursTrust);
  const against = (label: string, to: number, stretch?: number): Target[] =>
    find(label)
      ? [{ what: `against ${label}`, measured: median(oursScram) / median(label), atMost: to, stretch, unit: "x" }]
      : [];
  return [
    { what: "against Node's own start", measured: own / median(floor), atMost: 1.6, stretch: 1.25, unit: "x" },
    ...against("Alembic", 0.2),
    ...against("dbmate", 1.5, 1),
    ...against("umzug", 0.3),
    { what: "connections", measured: fact(oursScram, "connections"), atMost: 1, unit: "" },
    { what: "round trips", measured: fact(oursScram, "round trips"), atMost: 2, stretch: 1, unit: "" },
    { what: "memory against Node's own", measured: fact(oursTrust, "MB") / fact(floor, "MB"), atMost: 1.3, unit: "x" },
  ];
}
