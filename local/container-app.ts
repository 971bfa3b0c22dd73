import { readFileSync } from "node:fs";
import { join } from "node:path";
import { exitCodes, SchemagateError } from "../migrator/errors";

/** One container of the synthesized Container App. */
export interface Container {
  readonly name: string;
  readonly image: string;
  /** What replaces the image's entry point and command. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  /** Cores. */
  readonly cpu?: number;
  /** As Kubernetes writes it: `0.5Gi`. */
  readonly memory?: string;
  readonly env: readonly EnvironmentVariable[];
}

/** What a container runs, for reading. */
export function commandLine({ command, args }: Container): string {
  return [...command, ...args].join(" ");
}

export interface EnvironmentVariable {
  readonly name: string;
  /** Absent for a secret. May hold `${…}`, which only Terraform can resolve. */
  readonly value?: string;
}

/** What the runner needs to know of the synthesized Container App. */
export interface ContainerApp {
  /** Run to completion, in order, before any container. */
  readonly initContainers: readonly Container[];
  readonly containers: readonly Container[];
  readonly targetPort: number;
  readonly readinessPath: string;
  /** Seconds from SIGTERM to SIGKILL. */
  readonly terminationGraceS: number;
}

/** As Terraform's JSON holds a block: one, or a list of them. */
type Blocks<T> = T | readonly T[] | undefined;

interface ContainerBlock {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly cpu?: number;
  readonly memory?: string;
  readonly env?: readonly EnvironmentVariable[];
  readonly readiness_probe?: Blocks<{ readonly path?: string }>;
}

interface ContainerAppBlock {
  readonly ingress?: Blocks<{ readonly target_port: number }>;
  readonly template: Blocks<{
    readonly init_container?: Blocks<ContainerBlock>;
    readonly container: Blocks<ContainerBlock>;
    readonly termination_grace_period_seconds?: number;
  }>;
}

/**
 * Reads the Container App of a synthesized stack.
 *
 * @param outDir directory CDKTF wrote to.
 * @param stack name of the stack that holds exactly one Container App.
 */
export function readContainerApp(outDir: string, stack: string): ContainerApp {
  const file = join(outDir, "stacks", stack, "cdk.tf.json");
  const { resource } = readStack(file);
  const apps: ContainerAppBlock[] = Object.values(resource?.azurerm_container_app ?? {});
  const [app] = apps;
  if (!app || apps.length !== 1) {
    throw unplayable(`${file} holds ${apps.length} Container Apps, one is expected`);
  }
  const [template] = list(app.template);
  const containers = list(template?.container);
  return {
    initContainers: list(template?.init_container).map(toContainer),
    containers: containers.map(toContainer),
    targetPort: list(app.ingress)[0]?.target_port ?? 8080,
    readinessPath: containers.flatMap((container) => list(container.readiness_probe))[0]?.path ?? "/",
    // The platform's own default.
    terminationGraceS: template?.termination_grace_period_seconds ?? 30,
  };
}

function readStack(file: string) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw unplayable(`${file} cannot be read: ${(cause as Error).message}`);
  }
}

function unplayable(message: string): SchemagateError {
  return new SchemagateError({
    code: "no-container-app",
    message,
    hint: "A local run plays the one Container App of the stack `app`, as `app` in cdktf.json writes it.",
    exitCode: exitCodes.usage,
  });
}

/** Processes of this machine need a command: what an image would start by itself only the image knows. */
export function requireCommands({ initContainers, containers }: ContainerApp): void {
  const without = [...initContainers, ...containers].filter((container) => commandLine(container) === "");
  if (without.length > 0) {
    throw new SchemagateError({
      code: "no-command",
      message: `${without.map(({ name }) => `container "${name}"`).join(", ")}: no command, and only the image knows its own`,
      hint: "Say it in the settings (`app.command`), or play the image: --runtime podman or --runtime docker.",
      exitCode: exitCodes.usage,
    });
  }
}

function toContainer({ name, image, command = [], args = [], cpu, memory, env = [] }: ContainerBlock): Container {
  return { name, image, command, args, cpu, memory, env };
}

function list<T>(blocks: Blocks<T>): readonly T[] {
  return blocks === undefined ? [] : Array.isArray(blocks) ? blocks : [blocks as T];
}
