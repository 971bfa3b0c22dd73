import type { Container, ContainerApp } from "../container-app";

/** A Kubernetes Pod, as far as a Container App needs one: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1 */
export interface Pod {
  readonly apiVersion: "v1";
  readonly kind: "Pod";
  readonly metadata: { readonly name: string; readonly annotations: Readonly<Record<string, string>> };
  readonly spec: {
    readonly hostNetwork: boolean;
    readonly restartPolicy: "Never";
    readonly terminationGracePeriodSeconds: number;
    readonly initContainers: readonly PodContainer[];
    readonly containers: readonly PodContainer[];
  };
}

export interface PodContainer {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy: "IfNotPresent";
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly resources: { readonly limits: { readonly cpu?: string; readonly memory?: string } };
  readonly securityContext: SecurityContext;
  readonly ports?: readonly { readonly containerPort: number; readonly hostPort: number; readonly hostIP: string }[];
}

interface SecurityContext {
  /** The user of the image, unless given. */
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly readOnlyRootFilesystem: true;
  readonly allowPrivilegeEscalation: false;
  readonly capabilities: { readonly drop: readonly string[] };
}

export interface PodOptions {
  readonly name: string;
  /** Image of every container that the stack gives the app's image to. */
  readonly image: string;
  /** Environment of a container. */
  readonly environmentOf: (container: Container) => Readonly<Record<string, string>>;
  /** Whether the containers share this machine's network; else the port is published on its loopback address. */
  readonly hostNetwork: boolean;
  /** Port of the app on this machine. */
  readonly port: number;
  /** Numeric user and group. @default the image's */
  readonly user?: number;
}

/**
 * Translates a synthesized Container App into a Pod of the same order, commands, environment and sizes.
 *
 * Its containers may write nothing and hold no capability, which is stricter than the platform: an image that runs here
 * runs there. Probes are left out: podman would run them by curl inside the container, and restart what has none.
 */
export function toPod(app: ContainerApp, options: PodOptions): Pod {
  const own = app.containers[0]?.image;
  const translate = (container: Container): PodContainer => ({
    name: container.name,
    image: container.image === own ? options.image : container.image,
    imagePullPolicy: "IfNotPresent",
    command: container.command,
    args: container.args,
    env: Object.entries(options.environmentOf(container)).map(([name, value]) => ({ name, value })),
    resources: { limits: limits(container) },
    securityContext: {
      ...(options.user === undefined ? {} : { runAsUser: options.user, runAsGroup: options.user }),
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    },
  });
  const published = { containerPort: app.targetPort, hostPort: options.port, hostIP: "127.0.0.1" };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: options.name,
      // Without it podman removes an init container that ended, and its log with it.
      annotations: { "io.podman.annotations.init.container.type": "always" },
    },
    spec: {
      hostNetwork: options.hostNetwork,
      restartPolicy: "Never",
      terminationGracePeriodSeconds: app.terminationGraceS,
      initContainers: app.initContainers.map(translate),
      containers: app.containers.map((container, index) =>
        index === 0 && !options.hostNetwork ? { ...translate(container), ports: [published] } : translate(container),
      ),
    },
  };
}

function limits({ cpu, memory }: Container): PodContainer["resources"]["limits"] {
  return {
    ...(cpu === undefined ? {} : { cpu: `${Math.round(cpu * 1_000)}m` }),
    ...(memory === undefined ? {} : { memory: inMebibytes(memory) }),
  };
}

/** Whole numbers only: podman takes `0.5Gi` for a billion times as much, which is no limit. */
function inMebibytes(quantity: string): string {
  return `${Math.round(Number.parseFloat(quantity) * 1_024)}Mi`;
}
