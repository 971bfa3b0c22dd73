import { ConfigurationError } from "../errors";
import { isUnknown } from "./unknown";

/** Storage that containers of an app share, or that outlives a replica. */
export interface Volume {
  readonly name: string;
  /** `EmptyDir` lives as long as the replica; `Secret` holds the app's secrets as files. */
  readonly storageType: "EmptyDir" | "AzureFile" | "NfsAzureFile" | "Secret";
  /**
   * Name of the storage in the container environment.
   * @default - none; required for AzureFile and NfsAzureFile
   */
  readonly storageName?: string;
  /**
   * Options of the mount, with commas between them, for AzureFile and NfsAzureFile.
   * @default - none
   */
  readonly mountOptions?: string;
}

/** Where a container sees a volume. */
export interface VolumeMount {
  /** Name of the volume. */
  readonly name: string;
  readonly path: string;
  /**
   * Folder of the volume to mount.
   * @default - the whole volume
   */
  readonly subPath?: string;
}

/** Refuses volumes that Container Apps cannot make, and mounts of volumes that are not there. */
export function requireValidVolumes(
  volumes: readonly Volume[],
  mounts: readonly VolumeMount[],
  construct: string,
): void {
  const names = volumes.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new ConfigurationError(`${construct}: two volumes are named '${twice}': one would win. Rename one`);
  }
  for (const { name, storageType, storageName, mountOptions } of volumes) {
    if (isUnknown(storageType)) continue;
    const isShare = storageType === "AzureFile" || storageType === "NfsAzureFile";
    if (!isShare && mountOptions !== undefined) {
      throw new ConfigurationError(
        `${construct}: the volume '${name}' of type ${storageType} has 'mountOptions' (${mountOptions}), which only AzureFile ` +
          "and NfsAzureFile have. Remove them",
      );
    }
    if (isShare === (storageName !== undefined)) continue;
    throw new ConfigurationError(
      isShare
        ? `${construct}: the volume '${name}' of type ${storageType} has no 'storageName': the share is looked up by it ` +
            "in the container environment. Name it"
        : `${construct}: the volume '${name}' of type ${storageType} has a 'storageName' (${storageName}), which only ` +
            "AzureFile and NfsAzureFile have. Remove it",
    );
  }
  const lost = mounts.find(({ name }) => !names.includes(name));
  if (lost !== undefined) {
    throw new ConfigurationError(
      `${construct}: ${lost.path} mounts the volume '${lost.name}', which is not among 'volumes' ` +
        `(${names.join(", ") || "none"}). Add it there or correct the name`,
    );
  }
}
