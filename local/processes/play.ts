import { aborted } from "../aborted";
import { type ContainerApp, commandLine } from "../container-app";
import { localEnvironment } from "../environment";
import { choosePort } from "../port";
import { serveFrom } from "../readiness";
import type { Story } from "../story";
import { type Running, startProcess, stopProcess } from "./process";

type Environment = Readonly<Record<string, string | undefined>>;

export interface PlayOptions {
  /** This shell's environment. */
  readonly machine: Environment;
  /** Variables that name the database. */
  readonly database: Environment;
  /** Port of the app; another free one is taken when it is in use and was not asked for. */
  readonly port?: number;
  /** End as soon as the app is ready. */
  readonly once: boolean;
  /** What else differs on this machine, for every container. */
  readonly overrides: Environment;
  /** Aborted when the user ends it. */
  readonly signal: AbortSignal;
  readonly story: Story;
}

/**
 * Plays the first replica of a revision on this machine: every init container to completion, in order; then, only if
 * they all exited with 0, the containers; then waits for readiness and for the end.
 *
 * @returns exit code: the failed init container's, or 0 when the app became ready.
 */
export async function play(app: ContainerApp, options: PlayOptions): Promise<number> {
  const { story } = options;
  for (const container of app.initContainers) {
    story.begins(`init container "${container.name}" started: ${commandLine(container)}`);
    const { env, leftOut } = localEnvironment(container, options.machine, options.database, options.overrides);
    story.leftOut(container.name, leftOut);
    const running = startProcess([...container.command, ...container.args], env, (line) =>
      story.containerLine(container.name, line),
    );
    const code = await endedOrStopped(running, options.signal);
    if (code !== 0) {
      story.gateHolds(container.name, code);
      return code;
    }
  }
  story.done("gate open");
  return playContainers(app, options);
}

async function playContainers(app: ContainerApp, options: PlayOptions): Promise<number> {
  const { story, signal } = options;
  const port = await choosePort(options.port, app.targetPort, story);
  const overrides = { ...options.overrides, HOST: "127.0.0.1", PORT: String(port) };
  const running = app.containers.map((container) => {
    story.begins(`container "${container.name}" started: ${commandLine(container)}`);
    const { env, leftOut } = localEnvironment(container, options.machine, options.database, overrides);
    story.leftOut(container.name, leftOut);
    return startProcess([...container.command, ...container.args], env, (line) =>
      story.containerLine(container.name, line),
    );
  });
  const firstExit = Promise.race(running.map(({ exited }) => exited));
  try {
    return await serveFrom({ port, readinessPath: app.readinessPath, firstExit, once: options.once, signal, story });
  } finally {
    await Promise.all(running.map(stopProcess));
  }
}

async function endedOrStopped(running: Running, signal: AbortSignal): Promise<number> {
  const code = await Promise.race([running.exited, aborted(signal)]);
  return code ?? stopProcess(running);
}
