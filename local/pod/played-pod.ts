import { setTimeout as delay } from "node:timers/promises";
import { exitCodes, SchemagateError } from "../../migrator/errors";
import type { ContainerState, Engine } from "./engine";
import type { Pod, PodContainer } from "./pod";

const pollMs = 100;

/** Who is told of a container. */
export interface Followers {
  readonly onStart: () => void;
  readonly onLine: (line: string) => void;
}

/** A Pod that a container engine plays: its init containers one after the other, then its containers. */
export class PlayedPod {
  constructor(
    private readonly engine: Engine,
    private readonly pod: Pod,
  ) {}

  /**
   * Plays the Pod, in place of an earlier one of its name.
   *
   * @returns once its containers are started, or one of its init containers has failed.
   * @throws usage (exit 2) when the engine refuses it, for want of an image for example.
   */
  async start(): Promise<void> {
    await this.remove();
    try {
      await (this.engine.kind === "podman" ? this.playByPodman() : this.playByDocker());
    } catch (error) {
      throw new SchemagateError({
        code: "pod-refused",
        message: `${this.engine.kind} does not play the Pod: ${(error as Error).message}`,
        hint: "Look at the Pod with --print, and see that the image exists and that its limits can be set here.",
        exitCode: exitCodes.usage,
        cause: error,
      });
    }
  }

  /** What became of a container of the Pod. */
  state(container: string): Promise<ContainerState> {
    return this.engine.state(this.nameOf(container));
  }

  /** What a container printed so far. */
  logs(container: string): Promise<string> {
    return this.engine.logs(this.nameOf(container));
  }

  /** Name of a container with the engine. */
  nameOf(container: string): string {
    return `${this.pod.metadata.name}-${container}`;
  }

  /**
   * Follows a container from its start to its end.
   *
   * @param started settles when no further container will be started.
   */
  async follow(container: string, started: Promise<unknown>, { onStart, onLine }: Followers): Promise<void> {
    let over = false;
    void started.then(() => {
      over = true;
    });
    for (;;) {
      const last = over;
      const { status } = await this.state(container);
      if (status === "running" || status === "exited") {
        onStart();
        return this.engine.follow(this.nameOf(container), onLine);
      }
      if (last) {
        return;
      }
      await delay(pollMs);
    }
  }

  /** Exit code of a container, once it has ended. */
  async exited(container: string): Promise<number> {
    return Number(await this.engine.run(["wait", this.nameOf(container)]));
  }

  /** Stops what runs of it, and removes it. */
  async remove(): Promise<void> {
    const { initContainers, containers } = this.pod.spec;
    const names = [...containers, ...initContainers].map(({ name }) => this.nameOf(name));
    // One by one, also with podman: it lets nobody stop a Pod whose init containers are still at it.
    await Promise.all(names.map((name) => this.stop(name)));
    if (this.engine.kind === "podman") {
      await this.engine.run(["pod", "rm", "--ignore", "--force", this.pod.metadata.name]);
    } else {
      await Promise.all(names.map((name) => this.engine.tryRun(["rm", "--force", name])));
    }
  }

  private async stop(name: string): Promise<void> {
    if ((await this.engine.state(name)).status === "running") {
      await this.engine.tryRun(["stop", "--time", String(this.pod.spec.terminationGracePeriodSeconds), name]);
    }
  }

  private async playByPodman(): Promise<void> {
    // By standard input: the environment may hold a password, which is for no file. JSON is YAML.
    const { code, stderr } = await this.engine.tryRun(["kube", "play", "-"], JSON.stringify(this.pod));
    if (code !== 0 && !(await this.hasFailedInitContainer())) {
      throw new Error(`podman kube play ended with code ${code}: ${stderr.trim().split("\n").at(-1)}`);
    }
  }

  /** docker knows no Pods: the same containers, one after the other. */
  private async playByDocker(): Promise<void> {
    for (const container of this.pod.spec.initContainers) {
      await this.runByDocker(container);
      if ((await this.exited(container.name)) !== 0) {
        return;
      }
    }
    for (const container of this.pod.spec.containers) {
      await this.runByDocker(container);
    }
  }

  private async runByDocker(container: PodContainer): Promise<void> {
    const args = dockerRun(this.nameOf(container.name), container, this.pod.spec.hostNetwork);
    await this.engine.run(args, "", Object.fromEntries(container.env.map(({ name, value }) => [name, value])));
  }

  private async hasFailedInitContainer(): Promise<boolean> {
    for (const { name } of this.pod.spec.initContainers) {
      const { status, exitCode } = await this.state(name);
      if (status === "exited" && exitCode !== 0) {
        return true;
      }
    }
    return false;
  }
}

/** Arguments of `docker run` for a container of a Pod; its variables by name only, their values are in docker's own. */
export function dockerRun(name: string, container: PodContainer, hostNetwork: boolean): readonly string[] {
  const { command, args, env, resources, securityContext, ports = [], image } = container;
  const { runAsUser, runAsGroup } = securityContext;
  return [
    ...["run", "--detach", "--name", name],
    ...(hostNetwork ? ["--network", "host"] : ["--add-host", "host.docker.internal:host-gateway"]),
    ...(runAsUser === undefined ? [] : ["--user", `${runAsUser}:${runAsGroup}`]),
    ...["--read-only", "--tmpfs", "/tmp", "--security-opt", "no-new-privileges", "--cap-drop", "ALL"],
    ...(resources.limits.cpu ? ["--cpus", String(Number.parseInt(resources.limits.cpu, 10) / 1_000)] : []),
    ...(resources.limits.memory ? ["--memory", dockerMemory(resources.limits.memory)] : []),
    ...ports.flatMap((port) => ["--publish", `${port.hostIP}:${port.hostPort}:${port.containerPort}`]),
    ...env.flatMap((variable) => ["--env", variable.name]),
    ...(command.length === 0 ? [] : ["--entrypoint", command[0] ?? ""]),
    image,
    ...command.slice(1),
    ...args,
  ];
}

/** docker's m is 1,024 times 1,024 bytes, as Kubernetes' Mi. */
function dockerMemory(quantity: string): string {
  return quantity.replace(/Mi$/, "m");
}
