import { aborted } from "../aborted";
import { type Container, type ContainerApp, commandLine } from "../container-app";
import { serveFrom } from "../readiness";
import type { Story } from "../story";
import type { PlayedPod } from "./played-pod";
import type { Pod } from "./pod";

export interface PlayPodOptions {
  readonly app: ContainerApp;
  readonly pod: Pod;
  readonly played: PlayedPod;
  /** Port of the app on this machine. */
  readonly port: number;
  /** End as soon as the app is ready. */
  readonly once: boolean;
  /** Aborted when the user ends it. */
  readonly signal: AbortSignal;
  readonly story: Story;
}

/**
 * Plays a Pod with a container engine and tells what happens, until the app is ready and then until it ends; removes it.
 *
 * @returns exit code: the failed init container's, or 0 when the app became ready.
 * @throws Interrupted when the user ended it before.
 */
export async function playPod(options: PlayPodOptions): Promise<number> {
  const { played, signal } = options;
  const started = played.start();
  // Awaited below, behind those that follow it; a failure in between must not end the process.
  started.catch(() => undefined);
  const gate = new Gate(options.story);
  const followed = [...options.app.initContainers, ...options.app.containers].map((container) =>
    followContainer(container, started, gate, options),
  );
  try {
    await Promise.race([started, aborted(signal)]);
    signal.throwIfAborted();
    return await passGate(followed, gate, options);
  } finally {
    await played.remove();
    // A Pod that was stopped in the middle of its start may have gone on to its next container.
    await started.catch(() => played.remove());
    await Promise.all(followed);
  }
}

async function passGate(followed: readonly Promise<void>[], gate: Gate, options: PlayPodOptions): Promise<number> {
  const { played, pod, story } = options;
  for (const { name } of pod.spec.initContainers) {
    const { exitCode } = await played.state(name);
    if (exitCode !== 0) {
      // What it printed last is told before how it ended.
      await Promise.all(followed);
      story.gateHolds(name, exitCode);
      return exitCode;
    }
  }
  gate.open();
  return serve(options);
}

async function followContainer(
  container: Container,
  started: Promise<void>,
  gate: Gate,
  { app, played, story }: PlayPodOptions,
): Promise<void> {
  const { name } = container;
  const isInit = app.initContainers.includes(container);
  const settled = started.catch(() => undefined);
  await played.follow(name, settled, {
    onStart: () => {
      if (!isInit) {
        gate.open();
      }
      story.begins(`${isInit ? "init container" : "container"} "${name}" started: ${commandLine(container)}`);
    },
    onLine: (line) => story.containerLine(name, line),
  });
}

/** Tells once that the gate is open: whoever sees it first, the engine's answer or the first line of the app. */
class Gate {
  private isOpen = false;

  constructor(private readonly story: Story) {}

  open(): void {
    if (!this.isOpen) {
      this.isOpen = true;
      this.story.done("gate open");
    }
  }
}

function serve({ app, pod, played, port, once, signal, story }: PlayPodOptions): Promise<number> {
  const firstExit = Promise.race(pod.spec.containers.map(({ name }) => played.exited(name)));
  // Removing the Pod at the end cuts the wait off.
  firstExit.catch(() => undefined);
  return serveFrom({ port, readinessPath: app.readinessPath, firstExit, once, signal, story });
}
