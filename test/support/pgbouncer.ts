import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installOnDebian, searchPath } from "./debian";
import { waitUntil } from "./migrator";

/** A PgBouncer in front of a server. */
export interface TestPooler {
  /** A URL of the server, through the pooler. */
  readonly through: (url: string) => string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts PgBouncer in front of the server of a URL.
 *
 * @param settings of its section [pgbouncer], `pool_mode` for one.
 */
export async function startPgbouncer(url: string, settings: Readonly<Record<string, string>>): Promise<TestPooler> {
  installOnDebian(["pgbouncer"], "pgbouncer");
  const target = new URL(url);
  const dir = mkdtempSync(join(process.env.SCHEMAGATE_TEST_TMP ?? tmpdir(), "pgbouncer-"));
  const port = await freePort();
  writeFileSync(join(dir, "users"), `"${target.username}" "${target.password}"\n`, { mode: 0o600 });
  const all = {
    listen_addr: "127.0.0.1",
    listen_port: String(port),
    unix_socket_dir: "",
    auth_type: "scram-sha-256",
    auth_file: join(dir, "users"),
    logfile: join(dir, "log"),
    max_client_conn: "200",
    ...settings,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`);
  const databases = `[databases]\n* = host=${target.hostname} port=${target.port}\n`;
  writeFileSync(join(dir, "ini"), `${databases}[pgbouncer]\n${lines.join("\n")}\n`);
  const [command = "", ...args] = asOrdinaryUser(["pgbouncer", "--quiet", join(dir, "ini")]);
  const child = spawn(command, args, { stdio: "ignore", env: { ...process.env, PATH: searchPath() } });
  const ended = new Promise((resolve) => child.once("close", resolve));
  await waitUntil(() => answers(port), "PgBouncer's start").catch((error) => {
    throw new Error(`${error.message}: ${readFileSync(join(dir, "log"), "utf8")}`);
  });
  return {
    through: (original) => {
      const changed = new URL(original);
      changed.port = String(port);
      return changed.href;
    },
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** It refuses to run as root, like PostgreSQL. */
function asOrdinaryUser(command: readonly string[]): readonly string[] {
  return process.getuid?.() === 0 ? ["unshare", "--user", "--map-user=1000", "--map-group=1000", ...command] : command;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
