import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exitCodes } from "../../errors";
import { messageOption, readOptions, sourceOptions, typeOption } from "../../settings";
import { listMigrationNames } from "../../source/load";
import { compareNames } from "../../source/migration";
import { migrationName, slug } from "../../source/new-name";
import type { Command } from "./command";

const options = { ...sourceOptions, message: messageOption, type: typeOption };

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

const sqlTemplate = `-- migrate:up


-- migrate:down

`;

const moduleTemplate = `import type { MigrationContext } from "schemagate";

export async function up({ client, log }: MigrationContext): Promise<void> {
}

export async function down({ client, log }: MigrationContext): Promise<void> {
}
`;
