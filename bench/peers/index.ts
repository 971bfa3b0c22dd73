import type { Context } from "../support/context";
import { alembic } from "./alembic";
import { dbmate } from "./dbmate";
import { drizzle } from "./drizzle";
import { knex } from "./knex";
import { nodePgMigrate } from "./node-pg-migrate";
import type { Peer } from "./peer";
import { typeorm } from "./typeorm";
import { umzug, umzugBundled } from "./umzug";

export const peers: readonly Peer[] = [dbmate, umzugBundled, umzug, drizzle, knex, nodePgMigrate, typeorm, alembic];

/** Those that are there; a note for each that is not. */
export function presentPeers(log: Context["log"]): {
  readonly present: readonly Peer[];
  readonly notes: readonly string[];
} {
  const notes: string[] = [
    "Prisma is not among the peers: its `migrate deploy` downloads an engine, which a bench should not depend on.",
  ];
  const present = peers.filter((peer) => {
    const found = peer.find();
    if ("absent" in found) {
      notes.push(`${peer.name} is not there: ${found.absent}.`);
      log(notes.at(-1) ?? "");
    }
    return "version" in found;
  });
  return { present, notes };
}
