import { ContainerAppEnvironment } from "@cdktf/provider-azurerm/lib/container-app-environment";
import { Construct } from "constructs";
import { ConfigurationError } from "../errors";

/** A workload profile of a container environment. */
export interface WorkloadProfile {
  readonly name: string;
  /** `Consumption`, or a Dedicated size such as `D4`. */
  readonly type: string;
}

/** A container environment as its apps see it: also one that somebody else owns. */
export interface IContainerEnvironment {
  /** Resource id. */
  readonly id: string;
  /** Empty for a consumption-only environment. */
  readonly workloadProfiles: readonly WorkloadProfile[];
}

export const consumptionProfile: WorkloadProfile = { name: "Consumption", type: "Consumption" };

export interface ContainerEnvironmentProps {
  readonly name: string;
  readonly resourceGroupName: string;
  readonly location: string;
  /** Resource group that Azure creates for the environment's own machinery; must not exist yet. */
  readonly infrastructureResourceGroupName: string;
  /** Subnet delegated to Microsoft.App/environments. */
  readonly subnetId: string;
  /** Workspace that gets the containers' output. */
  readonly logAnalyticsWorkspaceId: string;
  /**
   * Further profiles beside Consumption. A profile cannot be added to an environment that was created without any.
   * @default - Consumption only
   */
  readonly dedicatedWorkloadProfiles?: readonly WorkloadProfile[];
  /**
   * Spread replicas over availability zones.
   * @default false
   */
  readonly zoneRedundant?: boolean;
  /**
   * Give the environment an address inside the virtual network only.
   * @default false
   */
  readonly internal?: boolean;
  /**
   * Refuse to be destroyed.
   * @default false
   */
  readonly preventDestroy?: boolean;
  /** @default - none */
  readonly tags?: Record<string, string>;
}

/**
 * A Container Apps environment with a Consumption workload profile, the only kind in which a managed identity answers
 * inside init containers.
 *
 * @example
 * const environment = new ContainerEnvironment(this, "container-environment", {
 *   name: "cae-shop-dev",
 *   resourceGroupName: group.name,
 *   location: group.location,
 *   infrastructureResourceGroupName: "rg-shop-dev-infrastructure",
 *   subnetId: network.containerAppsSubnetId,
 *   logAnalyticsWorkspaceId: workspace.id,
 * });
 */
export class ContainerEnvironment extends Construct implements IContainerEnvironment {
  readonly id: string;
  readonly workloadProfiles: readonly WorkloadProfile[];
  /** The resource itself, for what this construct has no prop for. */
  readonly resource: ContainerAppEnvironment;

  constructor(scope: Construct, id: string, props: ContainerEnvironmentProps) {
    super(scope, id);
    const dedicated = props.dedicatedWorkloadProfiles ?? [];
    requireDedicated(dedicated, this.node.path);
    this.workloadProfiles = [consumptionProfile, ...dedicated];

    this.resource = new ContainerAppEnvironment(this, "environment", {
      name: props.name,
      resourceGroupName: props.resourceGroupName,
      location: props.location,
      // Without its name every plan wants to replace the environment, and all its apps with it.
      infrastructureResourceGroupName: props.infrastructureResourceGroupName,
      infrastructureSubnetId: props.subnetId,
      internalLoadBalancerEnabled: props.internal ?? false,
      zoneRedundancyEnabled: props.zoneRedundant ?? false,
      // Explicit: azurerm 5 no longer concludes it from the workspace.
      logsDestination: "log-analytics",
      logAnalyticsWorkspaceId: props.logAnalyticsWorkspaceId,
      workloadProfile: this.workloadProfiles.map(({ name, type }) => ({ name, workloadProfileType: type })),
      tags: props.tags,
      lifecycle: { preventDestroy: props.preventDestroy ?? false },
    });
    this.id = this.resource.id;
  }
}

function requireDedicated(profiles: readonly WorkloadProfile[], construct: string): void {
  for (const { name, type } of profiles) {
    // azurerm 4.55 sends a minimum count for every profile not *named* Consumption, and the service refuses one there.
    if (type === consumptionProfile.type || name === consumptionProfile.name) {
      throw new ConfigurationError(
        `${construct}: 'dedicatedWorkloadProfiles' has '${name}' of type ${type}: the Consumption profile is always ` +
          "there, under that name. Remove it from the list",
      );
    }
  }
}
