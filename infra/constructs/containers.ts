import { appContainerName, migrateContainerName } from "../container-names";
import { ConfigurationError } from "../errors";
import { type ContainerResources, memoryFor } from "./consumption-resources";
import { requireImageForm, requireImmutableImage } from "./image-reference";
import type { SecretVariables } from "./secrets";
import { toEnv, type Variables } from "./variables";
import type { VolumeMount } from "./volumes";

/** A container beside the app's. */
export interface AdditionalContainer {
  readonly name: string;
  /** Image, with a version or a digest. */
  readonly image: string;
  /** vCPU. */
  readonly cpu: number;
  /**
   * Memory with its unit.
   * @default - twice `cpu` in GiB
   */
  readonly memory?: string;
  /** @default - what the image says */
  readonly command?: readonly string[];
  /** @default - what the image says */
  readonly args?: readonly string[];
  /**
   * Nothing secret: they are readable in state and portal.
   * @default - none
   */
  readonly environmentVariables?: Variables;
  /**
   * Environment variables that come from `secrets`, by name.
   * @default - none
   */
  readonly secretEnvironmentVariables?: SecretVariables;
  /** @default - none */
  readonly volumeMounts?: readonly VolumeMount[];
}

/** An init container beside the migrator's. */
export interface AdditionalInitContainer extends AdditionalContainer {
  /**
   * Run it before the migrator: to wait for something, or to fetch what the migrations need.
   * @default false
   */
  readonly beforeMigrator?: boolean;
}

/** What a container asks for. */
export function resourcesOf({ cpu, memory }: Pick<AdditionalContainer, "cpu" | "memory">): ContainerResources {
  return { cpu, memory: memory ?? memoryFor(cpu) };
}

/** As the provider takes it. */
export function toContainerBlock(container: AdditionalContainer) {
  return {
    name: container.name,
    image: container.image,
    command: container.command && [...container.command],
    args: container.args && [...container.args],
    ...resourcesOf(container),
    env: toEnv({
      variables: container.environmentVariables ?? {},
      secretVariables: container.secretEnvironmentVariables ?? {},
    }),
    volumeMounts: container.volumeMounts?.map((mount) => ({ ...mount })),
  };
}

/** Refuses names that are taken, and images that may be others tomorrow. */
export function requireValidContainers(
  containers: readonly AdditionalContainer[],
  allowMutableTag: boolean,
  construct: string,
): void {
  const taken = new Set<string>([migrateContainerName, appContainerName]);
  for (const { name, image } of containers) {
    if (taken.has(name)) {
      throw new ConfigurationError(
        `${construct}: a further container is named '${name}', and so is another one ('${migrateContainerName}' and ` +
          `'${appContainerName}' are the construct's own): log queries could not tell them apart. Rename it`,
      );
    }
    taken.add(name);
    requireImageForm(image, `${construct}/${name}`);
    if (!allowMutableTag) requireImmutableImage(image, `${construct}/${name}`);
  }
}
