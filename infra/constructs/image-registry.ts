import { ContainerRegistry } from "@cdktf/provider-azurerm/lib/container-registry";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { ConfigurationError } from "../errors";
import { location, logWorkspace, optionalFlag, resourceGroupName, someText, tags } from "./azure-checks";
import { type ChecksOf, oneOf, optional, requireProps, text } from "./checks";
import { DeletionLock } from "./deletion-lock";
import { sendDiagnostics } from "./diagnostics";
import type { ILogWorkspace } from "./log-workspace";
import { isUnknown } from "./unknown";

/** A container registry as its users see it: also one that somebody else owns. */
export interface IImageRegistry {
  /** Resource id: what the right to pull is given on. */
  readonly id: string;
  /** Host name: `crshopdev.azurecr.io`. */
  readonly loginServer: string;
}

export interface ImageRegistryProps {
  /** Letters and digits only, unique in all of Azure. */
  readonly name: string;
  readonly resourceGroupName: string;
  readonly location: string;
  /** `Basic`, `Standard` or `Premium`. */
  readonly sku: string;
  /**
   * Keep copies in several zones. Only Premium can.
   * @default false
   */
  readonly zoneRedundant?: boolean;
  /**
   * Workspace that is told of logins, pushes and pulls.
   * @default - nobody is told
   */
  readonly logWorkspace?: ILogWorkspace;
  /**
   * Terraform refuses to destroy it.
   * @default false
   */
  readonly preventDestroy?: boolean;
  /**
   * Nobody can delete it before a lock is removed: without its image no replica starts.
   * @default false
   */
  readonly deletionLock?: boolean;
  /** @default - none */
  readonly tags?: Record<string, string>;
}

/** A registry that somebody else owns. */
export interface ImageRegistryAttributes {
  /** Resource id. */
  readonly id: string;
  readonly loginServer: string;
}

const registryChecks: ChecksOf<ImageRegistryProps> = {
  name: text(/^[A-Za-z0-9]{5,50}$/, "must be a registry's name: 5 to 50 letters and digits, no hyphens. Rename it"),
  resourceGroupName,
  location,
  sku: oneOf(["Basic", "Standard", "Premium"], "Azure sells no other sizes. Name one of them"),
  zoneRedundant: optionalFlag,
  logWorkspace: optional(logWorkspace),
  preventDestroy: optionalFlag,
  deletionLock: optionalFlag,
  tags,
};

const attributesChecks: ChecksOf<ImageRegistryAttributes> = {
  id: someText,
  loginServer: text(
    /^[a-z0-9]+([.-][a-z0-9]+)+(:\d{1,5})?$/,
    "must be the registry's host name alone, in lower case. Write for instance crshop.azurecr.io",
  ),
};

function requirePremiumForZones({ sku, zoneRedundant }: ImageRegistryProps, construct: string): void {
  if (zoneRedundant !== true || sku === "Premium" || isUnknown(sku)) return;
  throw new ConfigurationError(
    `${construct}: 'zoneRedundant' (true) needs 'sku' Premium, and it is ${sku}: the others are in one zone. Change one`,
  );
}

/**
 * A container registry without an admin user: images are pushed and pulled by identities.
 *
 * @example
 * const registry = new ImageRegistry(this, "registry", {
 *   name: "crshopdev",
 *   resourceGroupName: group.name,
 *   location: group.location,
 *   sku: "Basic",
 * });
 */
export class ImageRegistry extends Construct implements IImageRegistry {
  readonly id: string;
  readonly loginServer: string;
  /** The resource itself, for what this construct has no prop for. */
  readonly resource: ContainerRegistry;
  private readonly lock?: DeletionLock;

  /** Uses a registry that somebody else owns. */
  static fromImageRegistryAttributes(
    scope: Construct,
    id: string,
    attributes: ImageRegistryAttributes,
  ): IImageRegistry {
    return new ImportedImageRegistry(scope, id, attributes);
  }

  constructor(scope: Construct, id: string, props: ImageRegistryProps) {
    super(scope, id);
    requireProps(props, registryChecks, this.node.path);
    requirePremiumForZones(props, this.node.path);
    this.resource = new ContainerRegistry(this, "Default", {
      name: props.name,
      resourceGroupName: props.resourceGroupName,
      location: props.location,
      sku: props.sku,
      // Its password would stand in the state.
      adminEnabled: false,
      anonymousPullEnabled: false,
      zoneRedundancyEnabled: props.zoneRedundant ?? false,
      tags: props.tags,
      // Whether a registry is spread over zones is settled when it is created: a Standard one that becomes Premium stays.
      lifecycle: { preventDestroy: props.preventDestroy ?? false, ignoreChanges: ["zone_redundancy_enabled"] },
    });
    this.id = this.resource.id;
    this.loginServer = this.resource.loginServer;
    const diagnostics = props.logWorkspace && this.sendDiagnosticsTo(props.logWorkspace);
    if (props.deletionLock) {
      this.lock = new DeletionLock(this, {
        resourceId: this.id,
        notes: "Holds the images of running apps: without them no replica starts.",
        covers: diagnostics === undefined ? [] : [diagnostics],
      });
    }
  }

  /**
   * Tells the lock of what lies below the registry, so that it can go: a right to pull of an identity that is no longer there.
   *
   * @param resources whose scope is the registry.
   */
  coverByLock(...resources: readonly TerraformResource[]): void {
    this.lock?.cover(resources);
  }

  private sendDiagnosticsTo(workspace: ILogWorkspace) {
    return sendDiagnostics(this, {
      targetResourceId: this.id,
      logWorkspaceId: workspace.id,
      categories: ["ContainerRegistryLoginEvents", "ContainerRegistryRepositoryEvents"],
    });
  }
}

/** Whether a host is the login server of a registry that the same app makes or names. */
export function isLoginServer(scope: Construct, host: string): boolean {
  return scope.node.root.node
    .findAll()
    .some(
      (each) => (each instanceof ImageRegistry || each instanceof ImportedImageRegistry) && each.loginServer === host,
    );
}

class ImportedImageRegistry extends Construct implements IImageRegistry {
  readonly id: string;
  readonly loginServer: string;

  constructor(scope: Construct, id: string, attributes: ImageRegistryAttributes) {
    super(scope, id);
    requireProps(attributes, attributesChecks, this.node.path);
    this.id = attributes.id;
    this.loginServer = attributes.loginServer;
  }
}
