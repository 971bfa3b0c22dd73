import { randomBytes } from "node:crypto";
import { basename } from "node:path";
import { stringify } from "yaml";
import { namesDatabase } from "../../migrator/connection/config";
import { redact } from "../../migrator/redact";
import type { ContainerApp } from "../container-app";
import { localEnvironment } from "../environment";
import type { HeldPort } from "../port";
import { databaseFromPod } from "./database";
import { Engine, type EngineKind } from "./engine";
import { type PlayPodOptions, playPod } from "./play";
import { PlayedPod } from "./played-pod";
import { type Pod, toPod } from "./pod";

/** Where npm runs a project's scripts. */
const project = process.cwd();
/** Tag of the image that is built when none is named: the directory's name, as far as a tag takes it. */
const builtImage = `localhost/${
  basename(project)
    .toLowerCase()
    .match(/[a-z0-9]+/g)
    ?.join("-") ?? "app"
}:dev`;

type Environment = Readonly<Record<string, string | undefined>>;

export interface PodRunOptions extends Pick<PlayPodOptions, "once" | "signal" | "story"> {
  readonly engine: EngineKind;
  /** An image that exists. @default the project's Dockerfile, built */
  readonly image?: string;
  /** Variables that name the database. */
  readonly database: Environment;
  /** Port of the app on this machine. */
  readonly port: number;
}

/**
 * Builds the image, and plays the synthesized Container App as a Pod with a container engine.
 *
 * @param held the port; the engine takes it with the first container.
 * @returns exit code: the failed init container's, or 0 when the app became ready.
 * @throws usage (exit 2) when there is no such engine, or the image cannot be built.
 */
export async function runPod(app: ContainerApp, held: HeldPort, options: PodRunOptions): Promise<number> {
  const { story, once, signal, port } = options;
  const engine = new Engine(options.engine, process.env);
  await engine.check();
  if (options.image === undefined) {
    const start = performance.now();
    await engine.build(builtImage, project);
    story.done(`image ${builtImage} built`, performance.now() - start);
  }
  signal.throwIfAborted();
  const pod = makePod(app, options, (container, names) => story.leftOut(container, names));
  await held.release();
  return playPod({ app, pod, played: new PlayedPod(engine, pod), port, once, signal, story });
}

/** The Pod as YAML, without its passwords; comments say what it lacks. */
export function printPod(app: ContainerApp, options: PodRunOptions): string {
  const comments: string[] = [];
  if (!namesDatabase({ databaseUrl: options.database.DATABASE_URL, env: options.database })) {
    comments.push("# DATABASE_URL is added when it is played: the embedded PostgreSQL's\n");
  }
  const pod = makePod(app, options, (container, names) => {
    comments.push(...names.map((name) => `# ${container}: ${name} is left out, only Azure knows the value\n`));
  });
  return comments.join("") + stringify(JSON.parse(JSON.stringify(pod, hidePassword)), { lineWidth: 0 });
}

/** @param tellLeftOut told of the variables of each container that have no value on this machine. */
function makePod(
  app: ContainerApp,
  options: PodRunOptions,
  tellLeftOut: (container: string, names: readonly string[]) => void,
): Pod {
  // Elsewhere the engine runs in a virtual machine, whose network is not this machine's.
  const hostNetwork = process.platform === "linux";
  const { port } = options;
  const database = databaseFromPod(options.database, options.engine, hostNetwork);
  const address = hostNetwork
    ? { HOST: "127.0.0.1", PORT: String(port) }
    : { HOST: "0.0.0.0", PORT: String(app.targetPort) };
  return toPod(app, {
    // A name of its own: two can run side by side.
    name: `schemagate-${randomBytes(4).toString("hex")}`,
    image: options.image ?? builtImage,
    hostNetwork,
    port,
    environmentOf: (container) => {
      const overrides = app.initContainers.includes(container) ? { SCHEMAGATE_JSON: "true" } : address;
      const { env, leftOut } = localEnvironment(container, {}, database, overrides);
      tellLeftOut(container.name, leftOut);
      return env;
    },
  });
}

/** JSON.stringify's replacer. */
function hidePassword(_key: string, value: unknown): unknown {
  const { name } = Object(value) as { name?: unknown };
  return name === "PGPASSWORD" ? { name, value: "***" } : typeof value === "string" ? redact(value) : value;
}
