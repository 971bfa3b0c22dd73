import { randomBytes } from "node:crypto";
import { type Container, type ContainerApp, readContainerApp } from "../../../local/container-app";
import { localEnvironment } from "../../../local/environment";
import type { ContainerState } from "../../../local/pod/engine";
import { PlayedPod } from "../../../local/pod/played-pod";
import { toPod } from "../../../local/pod/pod";
import { jsonLines, waitUntil } from "../../support/migrator";
import { freePort } from "../../support/pgbouncer";
import { engine } from "./runtime";

type Environment = Readonly<Record<string, string | undefined>>;

export interface ReleaseOptions {
  readonly image: string;
  /** URL of the database. @default none: `env` names it */
  readonly url?: string;
  /** Further variables, of every container or of one. */
  readonly env?: Environment | ((container: Container) => Environment);
  /** Numeric user and group. @default the image's */
  readonly user?: number;
  /** Port of the app. @default a free one */
  readonly port?: number;
  readonly environment?: "dev" | "prod";
  /** What is played. @default the Container App of `environment` */
  readonly app?: ContainerApp;
}

/** A replica: one Pod of the synthesized Container App. */
export interface Replica {
  readonly url: string;
  /** Name of a container with the engine. */
  readonly nameOf: (container: string) => string;
  readonly state: (container: string) => Promise<ContainerState>;
  /** What the migrator printed. */
  readonly migratorLines: () => Promise<Record<string, unknown>[]>;
  readonly logs: (container: string) => Promise<string>;
  /** Settles once the app is started or the gate holds; the migrator's exit code. */
  readonly migrated: Promise<number>;
  /** Waits until the app is ready. */
  readonly ready: () => Promise<void>;
  /** Status and body of the readiness probe. */
  readonly readiness: () => Promise<{ status: number; body: string }>;
  /** SIGTERM, then removal. */
  readonly remove: () => Promise<void>;
}

const removers: (() => Promise<void>)[] = [];

/** The synthesized Container App of an environment. */
export function synthesizedApp(environment: "dev" | "prod" = "dev"): ContainerApp {
  const outDir = process.env[`SCHEMAGATE_E2E_STACKS_${environment.toUpperCase()}`];
  if (!outDir) {
    throw new Error("the stacks are not synthesized: run the container tests with `npm run test:e2e`");
  }
  return readContainerApp(outDir, "app");
}

/** Starts a replica of a release. */
export async function startReplica(options: ReleaseOptions): Promise<Replica> {
  const port = options.port ?? (await freePort());
  const app = options.app ?? synthesizedApp(options.environment);
  const given = (container: Container) => (typeof options.env === "function" ? options.env(container) : options.env);
  const pod = toPod(app, {
    name: `e2e-${randomBytes(4).toString("hex")}`,
    image: options.image,
    hostNetwork: true,
    port,
    user: options.user,
    environmentOf: (container) =>
      localEnvironment(container, {}, options.url === undefined ? {} : { DATABASE_URL: options.url }, {
        HOST: "127.0.0.1",
        PORT: String(port),
        ...given(container),
      }).env,
  });
  const played = new PlayedPod(engine(), pod);
  const remove = async () => {
    await played.remove();
  };
  removers.push(remove);
  const migrated = played.start().then(async () => (await played.state("migrate")).exitCode);
  migrated.catch(() => undefined);
  const readiness = async () => {
    const response = await fetch(`http://127.0.0.1:${port}${app.readinessPath}`);
    return { status: response.status, body: await response.text() };
  };
  return {
    url: `http://127.0.0.1:${port}`,
    nameOf: (container) => played.nameOf(container),
    state: (container) => played.state(container),
    logs: (container) => played.logs(container),
    migratorLines: async () => jsonLines(await played.logs("migrate")),
    migrated,
    readiness,
    ready: () => waitUntil(async () => (await readiness().catch(() => ({ status: 0 }))).status === 200, "readiness"),
    remove,
  };
}

/** Plays a release until its replica is ready. */
export async function startReadyReplica(options: ReleaseOptions): Promise<Replica> {
  const replica = await startReplica(options);
  const code = await replica.migrated;
  if (code !== 0) {
    throw new Error(`the gate holds with exit code ${code}: ${await replica.logs("migrate")}`);
  }
  await replica.ready();
  return replica;
}

/** Removes every replica that was started; for afterEach. */
export async function removeReplicas(): Promise<void> {
  await Promise.all(removers.splice(0).map((remove) => remove()));
}
