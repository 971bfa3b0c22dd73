import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { Client } from "pg";
import { exitCodes, SchemagateError } from "../errors";
import { type Binaries, runProgram } from "./binaries";

/** Database that is made in a new cluster. */
const databaseName = "app";
const superuser = "postgres";
/** Nobody takes a free port three times in a row by chance. */
const attempts = 3;
/** PostgreSQL's release notes, 17: "builtin" collation provider. */
const firstWithBuiltinLocales = 17;

/** One PostgreSQL cluster in a directory. Every method is safe to repeat; callers see to it that only one runs at a time. */
export class Cluster {
  private readonly data: string;
  private readonly log: string;
  private readonly passwordFile: string;

  /**
   * @param dir directory of the cluster, its log and its password.
   * @param flags server settings, `name=value`; they win over the cluster's own, such as a free port.
   */
  constructor(
    private readonly binaries: Binaries,
    private readonly dir: string,
    private readonly flags: readonly string[] = [],
  ) {
    this.data = join(dir, "postgres");
    this.log = join(dir, "postgres.log");
    this.passwordFile = join(dir, "password");
  }

  /** Makes the cluster when there is none, and starts it when it does not run. */
  async start(): Promise<void> {
    await this.initialise();
    if (await this.isRunning()) {
      return;
    }
    await this.launch();
    await this.createDatabase();
  }

  /** A port that was free may be somebody else's by the time the server asks for it: then it gets another one. */
  private async launch(attempt = 1): Promise<void> {
    const settings = [
      `port=${await freePort()}`,
      "listen_addresses=127.0.0.1",
      "unix_socket_directories=",
      ...this.flags,
    ];
    const options = settings.map((setting) => `-c ${setting}`).join(" ");
    const logged = (await this.readLog()).length;
    try {
      await this.run(this.binaries.pgCtl, ["start", "--wait", "-D", this.data, "-l", this.log, "-o", options]);
    } catch (error) {
      const isTaken = (await this.readLog()).slice(logged).includes("Address already in use");
      if (!isTaken || attempt === attempts) {
        throw error;
      }
      await this.launch(attempt + 1);
    }
  }

  private readLog(): Promise<string> {
    return readFile(this.log, "utf8").catch(() => "");
  }

  /**
   * Stops the server; open connections are cut.
   *
   * @param mode `fast` tells its clients and writes a checkpoint; `immediate` is like a crash. @default "fast"
   */
  async stop(mode: "fast" | "immediate" = "fast"): Promise<void> {
    if (await this.isRunning()) {
      await this.run(this.binaries.pgCtl, ["stop", "--wait", "-m", mode, "-D", this.data]);
    }
  }

  /** URL of the database, password included. */
  async url(database = databaseName): Promise<string> {
    const password = (await readFile(this.passwordFile, "utf8")).trim();
    // Fourth line of postmaster.pid: the port (miscadmin.h, LOCK_FILE_LINE_PORT).
    const port = (await readFile(join(this.data, "postmaster.pid"), "utf8")).split("\n")[3];
    return `postgres://${superuser}:${password}@127.0.0.1:${port}/${database}`;
  }

  private async initialise(): Promise<void> {
    if (existsSync(this.data)) {
      return;
    }
    await mkdir(this.dir, { recursive: true });
    // Local, yet on a shared machine another account can reach the port: a superuser without a password would be theirs.
    await writeFile(this.passwordFile, `${randomBytes(16).toString("hex")}\n`, { mode: 0o600 });
    const unfinished = `${this.data}.new`;
    await rm(unfinished, { recursive: true, force: true });
    await this.run(this.binaries.initdb, [
      ...["-D", unfinished, "-U", superuser, "--auth=scram-sha-256", `--pwfile=${this.passwordFile}`],
      ...["--encoding=UTF8", "--no-sync", ...localeFlags(this.binaries.major)],
    ]);
    await rename(unfinished, this.data);
  }

  private async isRunning(): Promise<boolean> {
    return (await runProgram(this.binaries.pgCtl, ["status", "-D", this.data])).code === 0;
  }

  private async createDatabase(): Promise<void> {
    const client = new Client({ connectionString: await this.url("postgres") });
    await client.connect();
    try {
      const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [databaseName]);
      if (rowCount === 0) {
        await client.query(`CREATE DATABASE ${databaseName}`);
      }
    } finally {
      await client.end();
    }
  }

  private async run(program: string, args: readonly string[]): Promise<void> {
    const { code, output } = await runProgram(program, args).catch((error) => ({ code: 1, output: String(error) }));
    if (code !== 0) {
      throw new SchemagateError({
        code: "embedded-postgres",
        message: `the embedded PostgreSQL in ${this.dir} does not start or stop: ${output.trim().split("\n").at(-1)}`,
        hint: `See ${this.log}; delete ${this.dir} to begin anew (its data is lost), or set DATABASE_URL.`,
        exitCode: exitCodes.connection,
      });
    }
  }
}

/** The same order and the same character classes on every machine, as far as the version knows how. */
function localeFlags(major: number): readonly string[] {
  return major >= firstWithBuiltinLocales ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] : ["--locale=C"];
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
