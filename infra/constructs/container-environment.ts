import { ContainerAppEnvironment } from "@cdktf/provider-azurerm/lib/container-app-environment";
import { Construct } from "constructs";
import { ConfigurationError } from "../errors";
import type { LogDestination } from "../log-queries";
import { location, logWorkspace, optionalFlag, resourceGroupName, someText, tags } from "./azure-checks";
import { type ChecksOf, listOf, must, oneOf, optional, requireProps, shape, text, wholeNumber } from "./checks";
import { sendDiagnostics } from "./diagnostics";
import { type ILogWorkspace, requireOpenWorkspace } from "./log-workspace";
import { isUnknown } from "./unknown";

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
  /**
   * What the host names of its apps end in.
   * @default - unknown: an app's host name is what Azure answers when the app is deployed
   */
  readonly defaultDomain?: string;
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

/** GPUs of which the service places each replica itself, as in Consumption. */
const serverlessTypes = ["Consumption-GPU-NC24-A100", "Consumption-GPU-NC8as-T4"];
const dedicatedTypes = ["D4", "D8", "D16", "D32", "E4", "E8", "E16", "E32", "NC24-A100", "NC48-A100", "NC96-A100"];

function isServerless(type: string): boolean {
  return type === consumptionProfile.type || serverlessTypes.includes(type);
}

const nodes = optional(wholeNumber(0, undefined, "it counts nodes. Write for instance 1"));

const environmentChecks: ChecksOf<ContainerEnvironmentProps> = {
  name: text(
    /^[A-Za-z](?!.*--)[A-Za-z0-9-]{0,58}[A-Za-z0-9]$/,
    "must be an environment's name: 2 to 60 letters, digits and single hyphens, a letter first. Rename it",
  ),
  resourceGroupName,
  location,
  infrastructureResourceGroupName: resourceGroupName,
  subnetId: someText,
  logWorkspace,
  logDestination: optional(
    oneOf(["azure-monitor", "log-analytics"], "lines go nowhere else that the gate could read. Name one of them"),
  ),
  dedicatedWorkloadProfiles: optional(
    listOf(
      shape<WorkloadProfile>({
        name: someText,
        type: oneOf(
          [consumptionProfile.type, ...dedicatedTypes, ...serverlessTypes],
          "Azure sells no other sizes. Name one of them",
        ),
        minimumNodes: nodes,
        maximumNodes: nodes,
      }),
      { distinct: ["name"] },
    ),
  ),
  zoneRedundant: optionalFlag,
  internal: optionalFlag,
  preventDestroy: optionalFlag,
  tags,
};

const attributesChecks: ChecksOf<ContainerEnvironmentAttributes> = {
  id: someText,
  location,
  kind: must(
    (kind) => kind === "workload-profiles" || kind === "consumption-only",
    (kind) =>
      /^express$/i.test(String(kind))
        ? "is Container Apps Express, which has no init containers, no jobs, no revisions and no Key Vault references: no " +
          "gate can be built on it. Create an environment with workload profiles, for instance with ContainerEnvironment"
        : "must be workload-profiles or consumption-only: it decides whether identities answer in init containers. Look " +
          "at what 'az containerapp env show' lists under workloadProfiles: consumption-only has none",
  ),
  workloadProfiles: optional(
    listOf(
      // Of any type: somebody else's environment may have one that is newer than this list.
      shape<WorkloadProfile>({ name: someText, type: someText, minimumNodes: nodes, maximumNodes: nodes }),
      { distinct: ["name"] },
    ),
  ),
};

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
  readonly defaultDomain: string;
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
    requireProps(props, environmentChecks, this.node.path);
    requireOwnGroup(props, this.node.path);
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
    this.defaultDomain = this.resource.defaultDomain;
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
    requireProps(attributes, attributesChecks, this.node.path);
    requireMatchingKind(attributes, this.node.path);
    const { kind, workloadProfiles } = attributes;
    this.id = attributes.id;
    this.location = attributes.location;
    this.workloadProfiles = workloadProfiles ?? (kind === "consumption-only" ? [] : [consumptionProfile]);
  }
}

function toBlock({ name, type, minimumNodes, maximumNodes }: WorkloadProfile) {
  const dedicated = !isServerless(type);
  return {
    name,
    workloadProfileType: type,
    // The service refuses counts where it places replicas itself, and fills them in elsewhere.
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

/** Azure makes that group itself, and refuses one that is there. */
function requireOwnGroup(props: ContainerEnvironmentProps, construct: string): void {
  const { infrastructureResourceGroupName: own, resourceGroupName } = props;
  if (own.toLowerCase() !== resourceGroupName.toLowerCase() || isUnknown(own)) return;
  throw new ConfigurationError(
    `${construct}: 'infrastructureResourceGroupName' (${own}) is 'resourceGroupName' again, and Azure makes that group ` +
      `itself: it must not be there yet. Write for instance ${own}-infrastructure`,
  );
}

function requireDedicated(profiles: readonly WorkloadProfile[], construct: string): void {
  for (const { name, type, minimumNodes, maximumNodes } of profiles) {
    // azurerm 4.55 sends a minimum count for every profile not *named* Consumption, and the service refuses one there.
    if (type === consumptionProfile.type || name === consumptionProfile.name) {
      throw new ConfigurationError(
        `${construct}: 'dedicatedWorkloadProfiles' has '${name}' of type ${type}: the Consumption profile is always ` +
          "there, under that name. Remove it from the list",
      );
    }
    if (isServerless(type) && (minimumNodes !== undefined || maximumNodes !== undefined)) {
      throw new ConfigurationError(
        `${construct}: 'dedicatedWorkloadProfiles' gives '${name}' of type ${type} nodes (${minimumNodes ?? "none"} to ` +
          `${maximumNodes ?? "none"}): it has none, because the service places each replica itself. Remove the numbers`,
      );
    }
    const [fewest, most] = [minimumNodes ?? 0, maximumNodes ?? 1];
    if (fewest > most && !isUnknown(fewest) && !isUnknown(most)) {
      throw new ConfigurationError(
        `${construct}: 'dedicatedWorkloadProfiles' gives '${name}' at least ${fewest} nodes and at most ${most}` +
          `${maximumNodes === undefined ? " (the default of 'maximumNodes')" : ""}. Lower the first or raise the second`,
      );
    }
  }
}
