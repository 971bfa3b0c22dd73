import { setImmediate } from "node:timers/promises";
import { aborted } from "../aborted";
import { type ContainerApp, commandLine } from "../container-app";
import { localEnvironment } from "../environment";
import { Interrupted, type Interruption } from "../interruption";
import { isListening } from "../listeners";
import type { HeldPort } from "../port";
import { serveFrom } from "../readiness";
import type { Story } from "../story";
import { type Running, startProcess, stopProcess } from "./process";

type Environment = Readonly<Record<string, string | undefined>>;

export interface PlayOptions extends Interruption {
  /** This shell's environment. */
  readonly machine: Environment;
  /** Variables that name the database. */
  readonly database: Environment;
  /** Port of the app. */
  readonly held: HeldPort;
  /** End as soon as the app is ready. */
  readonly once: boolean;
  /** What else differs on this machine, for every container. */
  readonly overrides: Environment;
  readonly story: Story;
}

/**
 * Plays the first replica of a revision on this machine: every init container to completion, in order; then, only if
 * they all exited with 0, the containers; then waits for readiness and for the end.
 *
 * @returns exit code: the failed init container's, or 0 when the app became ready.
 * @throws Interrupted when the user ended it before.
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
    const code = await endedOrStopped(running, options);
    if (options.signal.aborted) {
      story.stopped(container.name, code);
      throw options.signal.reason;
    }
    if (code !== 0) {
      story.gateHolds(container.name, code);
      return code;
    }
  }
  story.done("gate open");
  return playContainers(app, options);
}

async function playContainers(app: ContainerApp, options: PlayOptions): Promise<number> {
  const { story, signal, again, held } = options;
  const { port } = held;
  const overrides = { ...options.overrides, HOST: "127.0.0.1", PORT: String(port) };
  await held.release();
  const running = app.containers.map((container) => {
    story.begins(`container "${container.name}" started: ${commandLine(container)}`);
    const { env, leftOut } = localEnvironment(container, options.machine, options.database, overrides);
    story.leftOut(container.name, leftOut);
    return startProcess([...container.command, ...container.args], env, (line) =>
      story.containerLine(container.name, line),
    );
  });
  const firstExit = Promise.race(running.map(({ exited }) => exited));
  const processes = running.flatMap(({ child }) => child.pid ?? []);
  const isOurs = () => isListening(port, processes) !== false;
  const { readinessPath } = app;
  try {
    return await serveFrom({ port, readinessPath, firstExit, isOurs, once: options.once, signal, story });
  } finally {
    await Promise.all(running.map((each) => stopProcess(each, again)));
  }
}

/** What ends the run ends the container: the migrator says the signal that it was ended by. */
async function endedOrStopped(running: Running, { signal, again }: Interruption): Promise<number> {
  const code = await Promise.race([running.exited, aborted(signal)]);
  // A signal to all of the terminal's processes may be told here behind the container's end, which it caused.
  await setImmediate();
  const { reason } = signal;
  return (
    code ?? stopProcess(running, again, reason instanceof Interrupted && reason.by === "SIGINT" ? "SIGINT" : "SIGTERM")
  );
}
