import { ContainerAppEnvironment } from "@cdktf/provider-azurerm/lib/container-app-environment";
import { Construct } from "constructs";
import { ConfigurationError } from "../errors";
import type { LogDestination } from "../log-queries";
import { sendDiagnostics } from "./diagnostics";
import { type ILogWorkspace, requireOpenWorkspace } from "./log-workspace";

/** A workload profile of a container environment. */
export interface WorkloadProfile {
  readonly name: string;
  /** `Consumption`, or a Dedicated size such as `D4`. */
  readonly type: string;
  /**
   * Fewest nodes of a Dedicated profile.
   * @default 0
   */
  readonly minimumNodes?: number;
  /**
   * Most nodes of a Dedicated profile.
   * @default 1
   */
  readonly maximumNodes?: number;
}

/** A container environment as its apps see it: also one that somebody else owns. */
export interface IContainerEnvironment {
  /** Resource id. */
  readonly id: string;
  /** Region: what runs in an environment must be in the same one. */
  readonly location: string;
  /** Empty for a consumption-only environment. */
  readonly workloadProfiles: readonly WorkloadProfile[];
}

/**
 * An environment that somebody else owns. Its kind has to be stated, because it decides whether a managed identity answers
 * inside init containers, and cannot be read at synth.
 */
export interface ContainerEnvironmentAttributes {
  /** Resource id. */
  readonly id: string;
  readonly location: string;
  /** `workload-profiles`, or `consumption-only` for one that was created without any profile. */
  readonly kind: "workload-profiles" | "consumption-only";
  /**
   * Its workload profiles.
   * @default - Consumption alone for `workload-profiles`, none for `consumption-only`
   */
  readonly workloadProfiles?: readonly WorkloadProfile[];
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
  /** Workspace that gets the containers' output and the platform's events. */
  readonly logWorkspace: ILogWorkspace;
  /**
   * How they get there. `log-analytics` signs them with the workspace's shared key, so the workspace must allow that.
   * @default "azure-monitor"
   */
  readonly logDestination?: LogDestination;
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
 *   logWorkspace: logs,
 * });
 */
export class ContainerEnvironment extends Construct implements IContainerEnvironment {
  readonly id: string;
  readonly location: string;
  readonly workloadProfiles: readonly WorkloadProfile[];
  /** Where its containers' lines are found. */
  readonly logDestination: LogDestination;
  /** The resource itself, for what this construct has no prop for. */
  readonly resource: ContainerAppEnvironment;

  /** Uses an environment that somebody else owns. */
  static fromContainerEnvironmentAttributes(
    scope: Construct,
    id: string,
    attributes: ContainerEnvironmentAttributes,
  ): IContainerEnvironment {
    return new ImportedContainerEnvironment(scope, id, attributes);
  }

  constructor(scope: Construct, id: string, props: ContainerEnvironmentProps) {
    super(scope, id);
    const dedicated = props.dedicatedWorkloadProfiles ?? [];
    requireDedicated(dedicated, this.node.path);
    this.workloadProfiles = [consumptionProfile, ...dedicated];
    this.logDestination = props.logDestination ?? "azure-monitor";
    requireOpenWorkspace(props.logWorkspace, this.logDestination, this.node.path);

    this.resource = new ContainerAppEnvironment(this, "environment", {
      name: props.name,
      resourceGroupName: props.resourceGroupName,
      location: props.location,
      // Without its name every plan wants to replace the environment, and all its apps with it.
      infrastructureResourceGroupName: props.infrastructureResourceGroupName,
      infrastructureSubnetId: props.subnetId,
      internalLoadBalancerEnabled: props.internal ?? false,
      zoneRedundancyEnabled: props.zoneRedundant ?? false,
      publicNetworkAccess: props.internal ? "Disabled" : "Enabled",
      // Explicit: azurerm 5 no longer concludes it from the workspace.
      logsDestination: this.logDestination,
      logAnalyticsWorkspaceId: this.logDestination === "log-analytics" ? props.logWorkspace.id : undefined,
      workloadProfile: this.workloadProfiles.map(toBlock),
      tags: props.tags,
      lifecycle: { preventDestroy: props.preventDestroy ?? false },
    });
    this.id = this.resource.id;
    this.location = props.location;
    if (this.logDestination === "azure-monitor") {
      sendDiagnostics(this, {
        targetResourceId: this.id,
        logWorkspaceId: props.logWorkspace.id,
        categories: ["ContainerAppConsoleLogs", "ContainerAppSystemLogs"],
      });
    }
  }
}

class ImportedContainerEnvironment extends Construct implements IContainerEnvironment {
  readonly id: string;
  readonly location: string;
  readonly workloadProfiles: readonly WorkloadProfile[];

  constructor(scope: Construct, id: string, attributes: ContainerEnvironmentAttributes) {
    super(scope, id);
    requireMatchingKind(attributes, this.node.path);
    const { kind, workloadProfiles } = attributes;
    this.id = attributes.id;
    this.location = attributes.location;
    this.workloadProfiles = workloadProfiles ?? (kind === "consumption-only" ? [] : [consumptionProfile]);
  }
}

function toBlock({ name, type, minimumNodes, maximumNodes }: WorkloadProfile) {
  const dedicated = type !== consumptionProfile.type;
  return {
    name,
    workloadProfileType: type,
    // The service refuses counts on Consumption, and fills them in elsewhere.
    minimumCount: dedicated ? (minimumNodes ?? 0) : undefined,
    maximumCount: dedicated ? (maximumNodes ?? 1) : undefined,
  };
}

function requireMatchingKind({ kind, workloadProfiles }: ContainerEnvironmentAttributes, construct: string): void {
  const count = workloadProfiles?.length;
  if (kind === "consumption-only" && count !== undefined && count > 0) {
    throw new ConfigurationError(
      `${construct}: 'kind' (consumption-only) contradicts 'workloadProfiles' (${workloadProfiles?.map(({ name }) => name)}): ` +
        "such an environment has none. Set 'kind' to workload-profiles or leave the profiles out",
    );
  }
  if (kind === "workload-profiles" && count === 0) {
    throw new ConfigurationError(
      `${construct}: 'kind' (workload-profiles) contradicts 'workloadProfiles' (none): name them as 'az containerapp env ` +
        "show' lists them, or leave them out when there is Consumption alone",
    );
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
