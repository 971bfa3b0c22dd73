import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCodes, usageError } from "../errors";
import { messageOption, readOptions, sourceOptions, typeOption } from "../settings";
import { listMigrationNames } from "../source/load";
import { compareNames, versionOf } from "../source/migration";
import type { Command } from "./command";

const options = { ...sourceOptions, message: messageOption, type: typeOption };

/** Longest slug: names stay readable in tables and below PostgreSQL's and file systems' limits. */
const slugLength = 60;

export const create: Command = {
  name: "create",
  about: "write a new, empty migration",
  examples: ['schemagate create -m "add invoices"', 'schemagate create -m "backfill totals" --type ts'],
  options,
  run: async (given, context) => {
    const { dir, message, type } = readOptions(options, given, context.env);
    await mkdir(dir, { recursive: true });
    const newest = (await listMigrationNames(dir)).sort(compareNames).at(-1);
    const name = migrationName(slug(message), new Date(), newest);
    const file = join(dir, `${name}.${type}`);
    await writeFile(file, type === "sql" ? sqlTemplate : moduleTemplate, { flag: "wx" });
    context.output.result({ event: "created", name, file }, () => `created ${file}`);
    return exitCodes.ok;
  },
};

function slug(message: string | undefined): string {
  const words = (message ?? "")
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .slice(0, slugLength)
    .replace(/^_+|_+$/g, "");
  if (words === "") {
    throw usageError({
      code: "no-message",
      message: `a migration's name is made of its message, and ${message ? `"${message}" has no letter or digit in it` : "there is none"}`,
      hint: 'Say what it does: create -m "add invoices".',
    });
  }
  return words;
}

/** A name of this second, or one behind the newest there is, so that the new migration always comes last. */
function migrationName(slugText: string, now: Date, newest: string | undefined): string {
  const version = BigInt(now.toISOString().replace(/\D/g, "").slice(0, 14));
  const behindNewest = newest === undefined ? 0n : versionOf(newest) + 1n;
  return `${version > behindNewest ? version : behindNewest}_${slugText}`;
}

const sqlTemplate = `-- migrate:up


-- migrate:down

`;

const moduleTemplate = `import type { MigrationContext } from "schemagate";

export async function up({ client, log }: MigrationContext): Promise<void> {
}

export async function down({ client, log }: MigrationContext): Promise<void> {
}
`;
