import { readFile } from "node:fs/promises";
import { usageError } from "../errors";
import type { AppliedThere, ForeignTable, ReadOptions, Tool } from "./tool";

interface Row {
  readonly hash: string;
  /** When the migration was generated, in ms: not when it was applied. */
  readonly createdAt: string | null;
  readonly name: string | null;
  readonly appliedAt: Date | null;
}

/**
 * Drizzle: one row for each file, with its hash and the time it was generated; the journal knows the names. From
 * version 1 on the table holds name and time of application itself.
 */
export const drizzle: Tool = {
  table: "drizzle.__drizzle_migrations",
  columns: ["id", "hash", "created_at"],
  read: async (client, table, options) => {
    const { rows } = await client.query<Row>(
      `SELECT hash, created_at::text AS "createdAt",
              ${table.columns.has("name") ? "name" : "NULL::text"} AS name,
              ${table.columns.has("applied_at") ? "applied_at" : "NULL::timestamptz"} AS "appliedAt"
         FROM ${table.sql} ORDER BY created_at, id`,
    );
    const tags = await readTags(rows, table, options);
    const applied = rows.map(({ hash, createdAt, name, appliedAt }): AppliedThere => {
      const id = name ?? tags.get(createdAt ?? "") ?? hash;
      return { id, appliedAt: appliedAt ?? undefined };
    });
    return { applied, problems: [] };
  },
};

/** Names of the migrations by the time they were generated, which is how Drizzle itself knows them. */
async function readTags(
  rows: readonly Row[],
  table: ForeignTable,
  { journal, told }: ReadOptions,
): Promise<ReadonlyMap<string, string>> {
  if (journal !== undefined) {
    return parseJournal(journal, await readFile(journal, "utf8").catch((cause) => failJournal(journal, cause.message)));
  }
  if (told || rows.every(({ name }) => name !== null)) {
    return new Map();
  }
  throw usageError({
    code: "no-journal",
    message: `${table.label} holds ${rows.length} hashes, no names: without Drizzle's journal nobody can tell what they are`,
    hint: "Name it with --journal drizzle/meta/_journal.json, or say up to which migration all is applied with --to NAME.",
  });
}

function parseJournal(file: string, text: string): ReadonlyMap<string, string> {
  try {
    const { entries } = JSON.parse(text) as { entries: { when: number; tag: string }[] };
    return new Map(entries.map(({ when, tag }) => [String(when), tag]));
  } catch (cause) {
    return failJournal(file, (cause as Error).message);
  }
}

function failJournal(file: string, why: string): never {
  throw usageError({
    code: "bad-journal",
    message: `--journal (${JSON.stringify(file)}): is no journal of Drizzle: ${why}`,
    hint: "It is the file meta/_journal.json in the directory that drizzle.config names as `out`.",
  });
}
