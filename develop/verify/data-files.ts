import { readFile } from "node:fs/promises";
import type { Client } from "pg";
import { describeSqlError } from "../../migrator/connection/sql-error";
import { SchemagateError, usageError } from "../../migrator/errors";
import { decodeText } from "../../migrator/source/checksum";
import { inspectSection } from "../../migrator/source/inspect";
import type { SqlMigration } from "../../migrator/source/migration";
import { resolveName } from "../../migrator/source/names";

/** A file of rows, and where it belongs. */
export interface DataFile {
  readonly file: string;
  readonly sql: string;
  /** Index of the migration behind which it is executed. */
  readonly after: number;
}

const afterPattern = /^--\s*after:\s*(\S+)\s*$/;

/**
 * Reads files of rows. `-- after: <name>` in its first line says behind which migration a file is executed; without it,
 * behind all.
 *
 * @param names names of the migrations, in order.
 * @throws usage (exit 2) when a file cannot be read, names an unknown migration, or holds what only psql reads.
 */
export async function readDataFiles(files: readonly string[], names: readonly string[]): Promise<DataFile[]> {
  const read: DataFile[] = [];
  for (const file of files) {
    const sql = await readText(file);
    const [, name] = afterPattern.exec(sql.split("\n", 1)[0] ?? "") ?? [];
    const after = name === undefined ? names.length - 1 : names.indexOf(resolveName(name, names));
    const problems = await inspectSection(asMigration({ file, sql }), { ...section(sql), transaction: false });
    if (problems.length > 0) {
      throw usageError(problems);
    }
    read.push({ file, sql, after });
  }
  return read;
}

/**
 * Executes a file in one transaction.
 *
 * @throws usage (exit 2) with file, line and column.
 */
export async function executeData(client: Client, data: DataFile, behind: string): Promise<void> {
  try {
    await client.query(data.sql);
  } catch (cause) {
    const { message, ...details } = describeSqlError(cause, asMigration(data), section(data.sql));
    throw new SchemagateError({
      code: "data-failed",
      message: `on a scratch database, the rows of ${data.file} cannot be put behind ${behind}: ${message}`,
      hint: "Mend the file, or name the migration whose tables it is for in its first line: `-- after: <name>`.",
      exitCode: 2,
      cause,
      details,
    });
  }
}

async function readText(file: string): Promise<string> {
  try {
    return decodeText(await readFile(file));
  } catch (cause) {
    throw usageError({
      code: "no-data-file",
      message: `the rows in ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: "Name readable UTF-8 files of SQL with --with-data.",
    });
  }
}

const section = (sql: string) => ({ sql, firstLine: 1, transaction: true });

/** What errors are described by. */
function asMigration({ file, sql }: Pick<DataFile, "file" | "sql">): SqlMigration {
  return { kind: "sql", name: file, file, checksum: "", up: section(sql) };
}
