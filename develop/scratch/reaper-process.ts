import { createInterface } from "node:readline";
import { toClientConfig } from "../../migrator/connection/config";
import { close, openConnection } from "../../migrator/connection/connect";
import { quoteIdentifier } from "../../migrator/connection/quote";
import { holdDatabase, releaseDatabase } from "./lock";
import type { ReaperMessage } from "./reaper";

/** Longest wait for each answer, and for the killed run's session, which may still be about to make a database. */
const answerMs = 10_000;
/** After this long the server is taken for gone; the next run sweeps. */
const giveUpMs = 30_000;
const pauseMs = 500;

type Server = Extract<ReaperMessage, { server: unknown }>;

/** The program of the reaper: reads until its parent is done or dead, then drops what is left. */
async function main(): Promise<void> {
  process.title = `schemagate reaper of ${process.argv.at(-1)}`;
  const names = new Set<string>();
  let server: Server | undefined;
  for await (const line of createInterface({ input: process.stdin })) {
    const message: ReaperMessage = JSON.parse(line);
    if ("server" in message) {
      server = message;
    } else if ("add" in message) {
      names.add(message.add);
    } else {
      names.delete(message.remove);
    }
  }
  const end = performance.now() + giveUpMs;
  while (server && names.size > 0 && performance.now() < end) {
    await dropAll(server, names).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, names.size > 0 ? pauseMs : 0));
  }
}

async function dropAll({ server, database }: Server, names: Set<string>): Promise<void> {
  const client = await openConnection({ ...toClientConfig(server), database }, answerMs);
  try {
    for (const name of names) {
      // The killed run's session holds it until it is over: a CREATE DATABASE under way would end after the DROP.
      await holdDatabase(client, name, answerMs);
      await client.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`);
      await releaseDatabase(client, name);
      names.delete(name);
    }
  } finally {
    await close(client);
  }
}

void main();
