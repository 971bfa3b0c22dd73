import { type ChildProcess, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { installOnDebian } from "../../support/debian";
import { cleanEnvironment, type Ended, makeDirectory, root, start, waitUntil } from "../../support/migrator";
import { freePort } from "../../support/pgbouncer";
import { containerEnvironment, engine } from "./runtime";

type Service = "db" | "migrate" | "api";

/** What became of a service's container; what `inspect` says of it. */
export interface ServiceContainer {
  readonly id: string;
  readonly status: string;
  readonly exitCode: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly finishedAt: number;
}

/** The project's compose.yaml, started under a name and with ports of a test's own. */
export interface ComposeProject {
  /** URL of the app. */
  readonly apiUrl: string;
  /** URL of the database, from this machine. */
  readonly databaseUrl: string;
  /** Runs a command of compose to its end. */
  readonly compose: (...args: string[]) => Promise<Ended>;
  /** Runs `compose up --detach` to its end. */
  readonly up: () => Promise<Ended>;
  /** Changes what the services migrate and api run from now on. */
  readonly useImage: (image: string) => void;
  /** The container of a service, or nothing before compose creates it. */
  readonly container: (service: Service) => Promise<ServiceContainer | undefined>;
  readonly logs: (service: Service) => Promise<string>;
  /** Containers, volumes and networks that exist because of the project. */
  readonly leftovers: () => Promise<readonly string[]>;
  /** Removes all of it, and ends what it needed. */
  readonly remove: () => Promise<void>;
}

/** How compose reaches the engine. */
interface Connection {
  /** The program, with its first arguments. */
  readonly command: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  readonly close: () => Promise<void>;
}

/**
 * Prepares the project's compose.yaml for the engine of the tests. Nothing of it runs before `up`.
 *
 * @param image what the services migrate and api run, in place of a build: the one thing that differs from compose.yaml.
 */
export async function openComposeProject(image: string): Promise<ComposeProject> {
  // The name of what other tests start begins otherwise: some of them look for what is left of theirs.
  const name = `e2e-compose-${randomBytes(4).toString("hex")}`;
  const override = join(makeDirectory(), "images.yaml");
  const [apiPort, databasePort] = [await freePort(), await freePort()];
  // Not the default, so that a place that forgets the variable is found.
  const password = randomBytes(8).toString("hex");
  const connection = await connectCompose();
  const variables = { API_PORT: String(apiPort), DB_PORT: String(databasePort), POSTGRES_PASSWORD: password };
  const files = ["--file", join(root, "compose.yaml"), "--file", override];
  const { run, kill } = composeRunner(connection, ["--ansi", "never", "--project-name", name, ...files], variables);
  const useImage = (image: string) =>
    writeFileSync(override, JSON.stringify({ services: { migrate: { image }, api: { image } } }));
  useImage(image);
  return {
    apiUrl: `http://127.0.0.1:${apiPort}`,
    databaseUrl: `postgres://orders:${password}@127.0.0.1:${databasePort}/orders?sslmode=disable`,
    compose: run,
    up: () => withHealthChecks(name, () => run("up", "--detach", "--no-build")),
    useImage,
    container: (service) => inspectService(name, service),
    logs: async (service) => engine().logs((await findService(name, service)) ?? ""),
    leftovers: () => listOwned(name),
    remove: async () => {
      await kill();
      const { stderr } = await run("down", "--volumes", "--timeout", "1");
      await connection.close();
      const left = await listOwned(name);
      if (left.length > 0) {
        throw new Error(`compose left behind: ${left.join(", ")}: ${stderr}`);
      }
    },
  };
}

/** Runs commands of compose, and can end those of a test that ran out of time. */
function composeRunner({ command, env }: Connection, options: readonly string[], variables: NodeJS.ProcessEnv) {
  const [program, ...first] = command;
  const running = new Map<ChildProcess, Promise<Ended>>();
  return {
    run: async (...args: string[]): Promise<Ended> => {
      const { child, ended } = start(program, [...first, ...options, ...args], { ...env, ...variables });
      running.set(child, ended);
      return ended.finally(() => running.delete(child));
    },
    kill: async () => {
      for (const [child, ended] of running) {
        child.kill("SIGKILL");
        await ended;
      }
    },
  };
}

/** docker compose for docker; for podman docker-compose, which then talks to podman's copy of Docker's API. */
async function connectCompose(): Promise<Connection> {
  const env = cleanEnvironment(withoutCompose(containerEnvironment()));
  if (engine().kind === "docker") {
    if (spawnSync("docker", ["compose", "version"], { env }).status !== 0) {
      throw new Error("these tests need Compose, and `docker compose version` fails: install Docker's plugin compose");
    }
    return { command: ["docker", "compose"], env, close: async () => undefined };
  }
  installOnDebian(["docker-compose"], "docker-compose");
  const service = await startPodmanService(env);
  return { command: ["docker-compose"], env: { ...env, DOCKER_HOST: service.url }, close: service.close };
}

/** An environment without a caller's own settings for compose and docker. */
function withoutCompose(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = Object.keys(env).filter((name) => /^(COMPOSE_|DOCKER_)/.test(name));
  return { ...env, ...Object.fromEntries(own.map((name) => [name, undefined])) };
}

async function startPodmanService(env: NodeJS.ProcessEnv): Promise<{ url: string; close: () => Promise<void> }> {
  const socket = join(makeDirectory(), "podman.sock");
  // Without its timers for health checks: they need systemd as the machine's first process. See withHealthChecks.
  const serviceEnv = { ...env, DISABLE_HC_SYSTEMD: "true" };
  const url = `unix://${socket}`;
  const { child, ended } = start("podman", ["system", "service", "--time=0", url], serviceEnv);
  const failed = ended.then(({ code, stderr }) => {
    throw new Error(`podman system service ended with code ${code}: ${stderr.trim()}`);
  });
  failed.catch(() => undefined);
  const close = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  await Promise.race([failed, waitUntil(() => answers(socket), "the start of podman's service")]).catch(
    async (error) => {
      await close();
      throw error;
    },
  );
  return { url, close };
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket, () => {
      connection.destroy();
      resolve(true);
    }).on("error", () => resolve(false));
  });
}

/**
 * Runs the database's health check each second, which is compose.yaml's interval, while something else is under way. podman
 * leaves the clock of health checks to systemd; what they run, and what follows from it, stays compose.yaml's.
 */
async function withHealthChecks<T>(project: string, work: () => Promise<T>): Promise<T> {
  let working = engine().kind === "podman";
  const clock = async () => {
    while (working) {
      const database = await findService(project, "db");
      if (database) {
        await engine().tryRun(["healthcheck", "run", database]);
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  };
  const [result] = await Promise.all([
    work().finally(() => {
      working = false;
    }),
    clock(),
  ]);
  return result;
}

/** Both versions of compose label what they create so; their names differ. */
const ownedBy = (project: string) => ["--filter", `label=com.docker.compose.project=${project}`];

/** @returns id of the container of a service, which is not one of `compose run`. */
async function findService(project: string, service: Service): Promise<string | undefined> {
  const labels = [`com.docker.compose.service=${service}`, "com.docker.compose.oneoff=False"];
  const filters = labels.flatMap((label) => ["--filter", `label=${label}`]);
  const ids = await engine().run(["ps", "--all", "--quiet", ...ownedBy(project), ...filters]);
  return ids.split("\n")[0] || undefined;
}

async function inspectService(project: string, service: Service): Promise<ServiceContainer | undefined> {
  const id = await findService(project, service);
  if (!id) {
    return undefined;
  }
  const state = JSON.parse(await engine().run(["container", "inspect", "--format", "{{json .State}}", id]));
  return {
    id,
    status: state.Status,
    exitCode: state.ExitCode,
    startedAt: Date.parse(state.StartedAt),
    finishedAt: Date.parse(state.FinishedAt),
  };
}

async function listOwned(project: string): Promise<readonly string[]> {
  const lists = [
    ["ps", "--all", "--format", "container {{.Names}}"],
    ["volume", "ls", "--format", "volume {{.Name}}"],
    ["network", "ls", "--format", "network {{.Name}}"],
  ];
  const printed = await Promise.all(lists.map((list) => engine().run([...list, ...ownedBy(project)])));
  return printed.flatMap((names) => names.split("\n")).filter((name) => name !== "");
}
