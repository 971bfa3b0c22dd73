import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { ContainerApp } from "./container-app";
import { localEnvironment } from "./environment";
import { type Running, startProcess, stopProcess } from "./process";
import type { Story } from "./story";

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

/** Longest time for the app to become ready; a start needs a fraction of it. */
const readyTimeoutMs = 60_000;
const readyPollMs = 100;

/**
 * Plays the first replica of a revision on this machine: every init container to completion, in order; then, only if
 * they all exited with 0, the containers; then waits for readiness and for the end.
 *
 * @returns exit code: the failed init container's, or 0 when the app became ready.
 */
export async function play(app: ContainerApp, options: PlayOptions): Promise<number> {
  const { story } = options;
  for (const container of app.initContainers) {
    story.begins(`init container "${container.name}" started: ${container.command.join(" ")}`);
    const { env, leftOut } = localEnvironment(container, options.machine, options.database, options.overrides);
    noteLeftOut(leftOut, container.name, story);
    const running = startProcess(container.command, env, (line) => story.containerLine(container.name, line));
    const code = await endedOrStopped(running, options.signal);
    if (code !== 0) {
      story.failed(
        `init container "${container.name}" exited with code ${code}: the gate holds`,
        "The app was not started. On Azure the revision would fail, and the old one would go on serving.",
      );
      return code;
    }
  }
  story.done("gate open");
  return playContainers(app, options);
}

async function playContainers(app: ContainerApp, options: PlayOptions): Promise<number> {
  const { story, signal } = options;
  const port = await choosePort(options.port, app.targetPort, story);
  const start = performance.now();
  const overrides = { ...options.overrides, HOST: "127.0.0.1", PORT: String(port) };
  const running = app.containers.map((container) => {
    story.begins(`container "${container.name}" started: ${container.command.join(" ")}`);
    const { env, leftOut } = localEnvironment(container, options.machine, options.database, overrides);
    noteLeftOut(leftOut, container.name, story);
    return startProcess(container.command, env, (line) => story.containerLine(container.name, line));
  });
  const firstExit = Promise.race(running.map(({ exited }) => exited));
  try {
    const url = `http://127.0.0.1:${port}`;
    const failure = await becomesReady(`${url}${app.readinessPath}`, firstExit, signal);
    if (failure !== undefined) {
      story.failed(`the app did not become ready: ${failure}`);
      return 1;
    }
    story.done(`app ready at ${url}`, performance.now() - start);
    return options.once ? 0 : await serve(firstExit, options);
  } finally {
    await Promise.all(running.map(stopProcess));
  }
}

async function serve(firstExit: Promise<number>, { story, signal }: PlayOptions): Promise<number> {
  story.note("Stop with Ctrl-C.");
  const code = await Promise.race([firstExit, aborted(signal)]);
  if (code === undefined) {
    story.note("Stopping.");
    return 0;
  }
  story.failed(`the app ended by itself with code ${code}`);
  return code || 1;
}

/** @returns why it did not, or nothing. */
async function becomesReady(url: string, firstExit: Promise<number>, signal: AbortSignal): Promise<string | undefined> {
  const end = performance.now() + readyTimeoutMs;
  let last = "no answer";
  while (performance.now() < end) {
    const exit = await Promise.race([firstExit, delay(readyPollMs, undefined)]);
    if (exit !== undefined) {
      return `it exited with code ${exit}`;
    }
    if (signal.aborted) {
      return "stopped";
    }
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
      if (response.ok) {
        return undefined;
      }
      last = `${url} answers ${response.status}: ${await response.text()}`;
    } catch {
      // Not listening yet.
    }
  }
  return `${last} after ${readyTimeoutMs / 1_000} s`;
}

async function endedOrStopped(running: Running, signal: AbortSignal): Promise<number> {
  const code = await Promise.race([running.exited, aborted(signal)]);
  return code ?? stopProcess(running);
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve(undefined);
    }
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}

function noteLeftOut(names: readonly string[], container: string, story: Story): void {
  if (names.length > 0) {
    story.note(`  ${container}: ${names.join(", ")} left out, only Azure knows the value`);
  }
}

async function choosePort(asked: number | undefined, target: number, story: Story): Promise<number> {
  if (asked !== undefined && asked !== 0) {
    return asked;
  }
  const preferred = asked ?? target;
  try {
    return await claimPort(preferred);
  } catch {
    const other = await claimPort(0);
    story.note(`port ${preferred} is in use, taking ${other}`);
    return other;
  }
}

/** Finds out whether a port is free; 0 finds one. */
function claimPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : port));
    });
  });
}
