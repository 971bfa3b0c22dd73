import { randomBytes } from "node:crypto";
import type { Client } from "pg";
import { cancelBackend, withCancellation } from "../../migrator/connection/cancel";
import { type ConnectionConfig, namedConfig } from "../../migrator/connection/config";
import { type ConnectOptions, withConnection } from "../../migrator/connection/connect";
import { quoteIdentifier } from "../../migrator/connection/quote";
import { type ProcessContext, targetEvent } from "../../migrator/run/session";
import type { Environment } from "../../migrator/settings";
import { createDatabase } from "./create";
import type { Scratch, ScratchDatabase } from "./database";
import { noGround, readGround, setSearchPath, takeGroundForLaid } from "./ground";
import { KeptSession } from "./kept-session";
import { holdDatabase, releaseDatabase, scratchPrefix } from "./lock";
import { withMaintenance } from "./maintenance";
import { type Reaper, startReaper } from "./reaper";
import { dropRoles, sweepRoles } from "./roles";
import { isEmbedded, isOwnServer, type ScratchOptions, withScratchServer } from "./server";
import { sweepScratch } from "./sweep";

export type { Scratch, ScratchDatabase } from "./database";
export type { ScratchOptions } from "./server";

/** A name is random, so that nobody else's session can keep it; and a session that is alive answers at once. */
const holdMs = 10_000;

/**
 * Runs `body` with scratch databases: beside the target, on the server of `--scratch-url`, or, when nothing names a
 * database, on the embedded PostgreSQL. They are dropped when `body` ends, whatever way; when this process is killed, by
 * a process that outlives it; failing that, by the next run.
 *
 * @throws usage (exit 2), cannot connect (exit 7).
 */
export function withScratch<T>(
  options: ScratchOptions,
  { env, report, signal }: ProcessContext,
  body: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  const connecting: ConnectOptions = {
    timeoutMs: options.connectTimeout * 1_000,
    signal,
    onRetry: (reason, waitMs) => report({ event: "connect-retry", reason, waitMs }),
  };
  return withScratchServer(options, env, (server) => {
    if (!isEmbedded(options, env)) {
      report(targetEvent(namedConfig(server, env), env, { scratch: true }));
    }
    return withMaintenance(server, env, connecting, async (maintenance, config) => {
      await sweepScratch(maintenance);
      if (isEmbedded(options, env)) {
        await sweepRoles(maintenance);
      }
      const ownServer = isOwnServer(options, env);
      const ground = options.ground ?? (ownServer ? noGround : await readGround(maintenance));
      const reaper = startReaper(server, config.database ?? "", env);
      const made = new MadeDatabases(maintenance, reaper, withoutWaiting(config, env), connecting, {
        ground,
        ownServer,
      });
      try {
        return await body({
          create: (label) => made.inTurn(() => made.make(label)),
          copy: (of, label) => made.inTurn(() => made.copy(of, label)),
        });
      } finally {
        await made.inTurn(() => made.dropAll());
        reaper.close();
      }
    });
  });
}

/** The databases of one run, from before each one's making until it is dropped. */
class MadeDatabases {
  private readonly databases = new Map<string, ScratchDatabase | undefined>();
  private readonly sessions = new Map<string, KeptSession>();
  /** One connection does one thing at a time. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly maintenance: Client,
    private readonly reaper: Reaper,
    private readonly config: ConnectionConfig,
    private readonly connecting: ConnectOptions,
    private readonly facts: Pick<ScratchDatabase, "ground" | "ownServer">,
  ) {}

  inTurn<T>(body: () => Promise<T>): Promise<T> {
    const result = this.turn.then(body);
    this.turn = result.catch(() => undefined);
    return result;
  }

  async copy(of: ScratchDatabase, label: string): Promise<ScratchDatabase> {
    await this.sessions.get(of.name)?.close();
    return this.make(label, of.name);
  }

  async make(label: string, template?: string): Promise<ScratchDatabase> {
    this.connecting.signal.throwIfAborted();
    const name = `${scratchPrefix}${asWord(label)}_${randomBytes(6).toString("hex")}`;
    this.databases.set(name, undefined);
    await holdDatabase(this.maintenance, name, holdMs);
    await this.reaper.add(name);
    await createDatabase(this.maintenance, name, template);
    await setSearchPath(this.maintenance, name, this.facts.ground);
    const config = { ...this.config, database: name };
    const session = new KeptSession(config, this.connecting);
    this.sessions.set(name, session);
    const database: ScratchDatabase = {
      ...this.facts,
      name,
      config,
      connect: (body) => connectTo(config, this.connecting, body),
      use: (body) => session.use(body),
      drop: () => this.inTurn(() => this.drop(name)),
    };
    this.databases.set(name, database);
    if (template) {
      takeGroundForLaid(database);
    }
    return database;
  }

  /** What cannot be dropped, because the connection is lost say, is left to the reaper. */
  async dropAll(): Promise<void> {
    for (const name of this.databases.keys()) {
      await this.drop(name).catch(() => undefined);
    }
  }

  private async drop(name: string): Promise<void> {
    if (!this.databases.has(name)) {
      return;
    }
    const database = this.databases.get(name);
    await this.sessions.get(name)?.close();
    this.sessions.delete(name);
    await this.maintenance.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`);
    this.databases.delete(name);
    await this.reaper.remove(name);
    if (database) {
      await dropRoles(this.maintenance, database);
    }
    await releaseDatabase(this.maintenance, name);
  }
}

/** What a crash of the server would take away is made anew anyway: no commit needs to wait for the disk. */
function withoutWaiting(config: ConnectionConfig, env: Environment): ConnectionConfig {
  return { ...config, options: `${config.options ?? env.PGOPTIONS ?? ""} -c synchronous_commit=off`.trim() };
}

function connectTo<T>(
  config: ConnectionConfig,
  connecting: ConnectOptions,
  body: (client: Client) => Promise<T>,
): Promise<T> {
  return withConnection(config, connecting, async (client) => {
    const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
    const cancel = (pid: number) => cancelBackend(config, pid);
    return withCancellation(client, rows[0].pid, connecting.signal, cancel, () => body(client));
  });
}

/** The part of a database's name that people read; PostgreSQL cuts names at 63 bytes. */
function asWord(label: string): string {
  const words = label.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return words.join("_").slice(0, 24);
}
