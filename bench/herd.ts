import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { searchPath } from "../test/support/debian";
import { startPgbouncer } from "../test/support/pgbouncer";
import { presentPeers } from "./peers";
import { type Start, slugOf } from "./peers/peer";
import type { Benchmark, Context } from "./support/context";
import type { Contestant } from "./support/interleave";
import { ours, sealSet } from "./support/ours";
import { type CountingProxy, startCountingProxy } from "./support/proxy";
import type { Result, Row, Target } from "./support/result";
import { additions, withSlowOne } from "./support/sets";
import { summarize } from "./support/statistics";
import { runTogether } from "./support/together";
import { watchSessions } from "./support/watch";

const sizes = [1, 5, 20, 50];
/** What a deployment with many replicas starts at once. */
const usualSize = 20;
const pending = 5;
const slowestMs = 1_000;
/** Long enough that waiting, not starting, is what a replica mostly does. */
const longWaitS = 10;
/** What five additions of ten come to. */
const rightBalance = 50;

/** What a part of this benchmark found. */
type Part = Pick<Result, "rows" | "targets" | "notes"> & Partial<Pick<Result, "curves">>;

export const herd: Benchmark = {
  name: "herd",
  about: "replicas that start at once: how long, who waits how, and whether the data is right; ours and other tools",
  run: async (context) => {
    const parts = [await times(context), await waiters(context), await balances(context), await pooled(context)];
    return {
      title: `replicas that start at once, ${pending} migrations pending`,
      rows: parts.flatMap(({ rows }) => rows),
      targets: parts.flatMap(({ targets }) => targets),
      curves: parts[0]?.curves,
      notes: parts.flatMap(({ notes }) => notes),
    };
  },
};

const times = async (context: Context): Promise<Part> => {
  const sealed = sealSet(join(context.dir, "slow"), withSlowOne(pending, slowestMs / 1_000));
  const floor: Contestant = { label: "node -e 0", command: [context.node, "-e", "0"] };
  const starts: Row[] = [];
  const rows: Row[] = [];
  for (const size of sizes) {
    starts.push({ label: `${size} x node -e 0`, ...(await repeat(context, () => together(floor, size))) });
    const url = context.server.url("herd");
    const run = async () => {
      await renew(context, "herd");
      return together(ours(context, `${size} replicas`, sealed, url), size);
    };
    rows.push({ label: `${size} x schemagate`, ...(await repeat(context, run)) });
  }
  const points = (series: readonly Row[]) =>
    series.map(({ median = 0 }, index) => ({ x: sizes[index] ?? 0, y: median }));
  return {
    rows: [...rows, ...starts],
    targets: sizes.flatMap((size, index) =>
      size < usualSize
        ? []
        : [atMost(`${size} replicas over the slowest migration`, (rows[index]?.median ?? 0) - slowestMs, 500, "ms")],
    ),
    curves: {
      x: "replicas that start at once",
      y: "ms until the last one is out",
      lines: [
        { label: `schemagate, ${pending} pending, one of them of 1 s`, points: points(rows) },
        { label: "node -e 0", points: points(starts) },
      ],
    },
    notes: [`One of the ${pending} migrations takes a second, the others make a table each.`],
  };
};

/** @throws Error when one of them fails. @returns milliseconds */
async function together(contestant: Contestant, size: number): Promise<number> {
  const { ms, codes } = await runTogether(Array<Contestant>(size).fill(contestant));
  if (codes.some((code) => code !== 0)) {
    throw new Error(`of ${size} x ${contestant.label}: ${ended(codes)}`);
  }
  return ms;
}

async function repeat({ rounds }: Context, run: () => Promise<number>) {
  const values: number[] = [];
  for (let round = 0; round < rounds(9); round += 1) {
    values.push(await run());
  }
  return summarize(values);
}

async function renew({ server }: Context, database: string): Promise<void> {
  await server.drop(database);
  await server.create(database);
}

const atMost = (what: string, measured: number, limit: number, unit = ""): Target => ({
  ...{ what, measured, atMost: limit, unit },
});

/** What those do that wait: counted on the wire and seen by the server. */
async function waiters(context: Context): Promise<Part> {
  const sealed = sealSet(join(context.dir, "long"), withSlowOne(pending, longWaitS));
  await renew(context, "herd");
  const url = context.server.url("herd");
  return withProxy(url, async (proxy) => {
    const replica = ours(context, "replica", sealed, proxy.through(url));
    const { sessions, result } = await watchSessions(context.server.url("postgres"), "herd", () =>
      runTogether(Array<Contestant>(usualSize).fill(replica)),
    );
    const { connections, links } = proxy.traffic();
    // Whoever migrates asks most, and is no waiter.
    const waiting = [...links].sort((a, b) => a.roundTrips - b.roundTrips).slice(0, -1);
    const seconds = waiting.reduce((sum, { openMs }) => sum + openMs, 0) / 1_000;
    const perSecond = waiting.reduce((sum, { roundTrips }) => sum + roundTrips, 0) / seconds;
    const facts = {
      ...{ "exit 0": zeros(result.codes), connections, "queries/s of a waiter": perSecond },
      ...{ "sessions at once": sessions.most, "waiters in a transaction": sessions.mostIdleInTransaction },
    };
    return {
      rows: [{ label: `${usualSize} x schemagate, one migration of ${longWaitS} s`, facts }],
      targets: [
        atMost("connections of a replica", connections / usualSize, 1),
        atMost("queries of a waiter", perSecond, 2, "a second"),
        atMost("waiters idle in a transaction", sessions.mostIdleInTransaction, 0),
      ],
      notes: ["A query of a waiter is a round trip on its connection, the first ones included."],
    };
  });
}

async function withProxy<T>(url: string, body: (proxy: CountingProxy) => Promise<T>): Promise<T> {
  const proxy = await startCountingProxy(url);
  try {
    return await body(proxy);
  } finally {
    await proxy.close();
  }
}

/** Migrations that are applied once each, and in turn, come to a balance of 50. */
async function balances(context: Context): Promise<Part> {
  const { present, notes } = presentPeers(context.log);
  const rows = [await balanceOf(context, "schemagate", ownStart(context))];
  for (const peer of present) {
    const start = peer.prepare(join(context.dir, "balance", slugOf(peer)), additions(pending), context.node);
    rows.push(await balanceOf(context, peer.name, start));
  }
  return {
    rows,
    targets: [wrongBalance("schemagate", rows[0], [rightBalance])],
    notes: [
      `${usualSize} processes, ${pending} migrations that each add ten to a balance: right is ${rightBalance}. ` +
        "Each tool as its documentation shows it, without a lock of one's own around it.",
      ...notes,
    ],
  };
}

/** Behind a pooler that gives every transaction another server process, session locks guard nothing: refusing is right too. */
async function pooled(context: Context): Promise<Part> {
  if (spawnSync("which", ["pgbouncer"], { env: { ...process.env, PATH: searchPath() } }).status !== 0) {
    return { rows: [], targets: [], notes: ["Not run behind PgBouncer, which is not there: install pgbouncer."] };
  }
  const pooler = await startPgbouncer(context.server.url("postgres"), { pool_mode: "transaction" });
  try {
    const { present } = presentPeers(() => undefined);
    const rows = [await balanceOf(context, "schemagate behind PgBouncer", ownStart(context), pooler.through)];
    for (const peer of present.filter(({ name }) => name === "node-pg-migrate")) {
      const start = peer.prepare(join(context.dir, "pooled", slugOf(peer)), additions(pending), context.node);
      rows.push(await balanceOf(context, `${peer.name} behind PgBouncer`, start, pooler.through));
    }
    return { rows, targets: [wrongBalance("behind PgBouncer", rows[0], [0, rightBalance])], notes: [] };
  } finally {
    await pooler.stop();
  }
}

function ownStart(context: Context): (url: string) => Start {
  const sealed = sealSet(join(context.dir, "additions"), additions(pending));
  return (url) => ours(context, "replica", sealed, url);
}

/** Runs a herd a few times, each on a new database. */
async function balanceOf(
  context: Context,
  label: string,
  start: (url: string) => Start,
  through: (url: string) => string = (url) => url,
): Promise<Row> {
  const found: { readonly balance: number; readonly codes: readonly (number | null)[] }[] = [];
  for (let round = 0; round < context.rounds(5); round += 1) {
    await renew(context, "balance");
    await context.server.query("balance", "CREATE TABLE balance AS SELECT 0 AS amount");
    const contestant = { label, ...start(through(context.server.url("balance"))) };
    const { codes } = await runTogether(Array<Contestant>(usualSize).fill(contestant));
    const [row] = await context.server.query("balance", "SELECT amount FROM balance");
    found.push({ balance: Number(row?.amount), codes });
  }
  return {
    label: `${usualSize} x ${label}`,
    facts: {
      balance: distinct(found.map(({ balance }) => balance)),
      "exit 0": distinct(found.map(({ codes }) => zeros(codes))),
    },
  };
}

const zeros = (codes: readonly (number | null)[]) => codes.filter((code) => code === 0).length;

/** `20 ended with 0`. */
function ended(codes: readonly (number | null)[]): string {
  return [...new Set(codes)]
    .map((code) => `${codes.filter((one) => one === code).length} ended with ${code}`)
    .join(", ");
}

/** One number when they are equal, all of them otherwise. */
function distinct(values: readonly number[]): number | string {
  const [first = Number.NaN] = values;
  return values.every((value) => value === first) ? first : values.join(" ");
}

function wrongBalance(what: string, row: Row | undefined, right: readonly number[]): Target {
  const isRight = right.some((value) => row?.facts?.balance === value);
  return atMost(`wrong balances, ${what}`, isRight ? 0 : 1, 0);
}
