import type { TerraformResource } from "cdktf";
import type { IContainerEnvironment } from "./container-environment";

/** What an app and a job have in common. */
export interface WorkloadProps {
  /** At most 32 lower case letters, digits and hyphens. */
  readonly name: string;
  readonly resourceGroupName: string;

  /** Where it runs. An app whose migrator signs in with Entra needs a Consumption workload profile; a job runs anywhere. */
  readonly environment: IContainerEnvironment;

  /**
   * Workload profile to run on.
   * @default - the environment's first Consumption profile, else its first
   */
  readonly workloadProfileName?: string;

  /** Image of app and migrator, with a version or a digest: `crshop.azurecr.io/shop:1.4.0`. */
  readonly image: string;

  /**
   * Accept an image without a tag or with `latest`. What starts later may then run other code than what passed the gate.
   * @default false
   */
  readonly allowMutableTag?: boolean;

  /**
   * Registry that the identity signs in to for the image: its host name, as the image begins with it. Only Azure's
   * registries know identities.
   * @default - the image is public
   */
  readonly registryServer?: string;

  /**
   * What else must exist before: a storage, a right given by somebody else's code. Rights of the identities and the
   * database are waited for by themselves. A resource of another stack puts that whole stack first.
   * @default - what the other props refer to
   */
  readonly deployAfter?: readonly TerraformResource[];

  /** @default - none */
  readonly tags?: Record<string, string>;
}
