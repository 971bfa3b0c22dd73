import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import { UserAssignedIdentity } from "@cdktf/provider-azurerm/lib/user-assigned-identity";
import { Construct } from "constructs";

/** A user-assigned identity as its users see it: also one that somebody else owns. */
export interface IWorkloadIdentity {
  /** Resource id: what a container app runs as. */
  readonly id: string;
  /** What a token request names. */
  readonly clientId: string;
  /** Also the name of its role in PostgreSQL. */
  readonly name: string;
}

export interface WorkloadIdentityProps {
  readonly name: string;
  readonly resourceGroupName: string;
  readonly location: string;
  /**
   * Registry from which the identity may pull images.
   * @default - none
   */
  readonly pullsFromRegistryId?: string;
  /** @default - none */
  readonly tags?: Record<string, string>;
}

/**
 * An identity that code runs as, with no right but the ones named in its props.
 *
 * @example
 * const identity = new WorkloadIdentity(this, "app-identity", {
 *   name: "id-shop-dev-app",
 *   resourceGroupName: group.name,
 *   location: group.location,
 *   pullsFromRegistryId: registry.id,
 * });
 */
export class WorkloadIdentity extends Construct implements IWorkloadIdentity {
  readonly id: string;
  readonly clientId: string;
  readonly name: string;
  /** Object id in Entra: what roles are assigned to. */
  readonly principalId: string;
  readonly tenantId: string;
  /** Present with `pullsFromRegistryId`; an app must not start before it. */
  readonly registryPull?: RoleAssignment;

  constructor(scope: Construct, id: string, props: WorkloadIdentityProps) {
    super(scope, id);
    const identity = new UserAssignedIdentity(this, "identity", {
      name: props.name,
      resourceGroupName: props.resourceGroupName,
      location: props.location,
      tags: props.tags,
    });
    this.id = identity.id;
    this.clientId = identity.clientId;
    this.name = identity.name;
    this.principalId = identity.principalId;
    this.tenantId = identity.tenantId;

    if (props.pullsFromRegistryId !== undefined) {
      this.registryPull = new RoleAssignment(this, "registry-pull", {
        scope: props.pullsFromRegistryId,
        roleDefinitionName: "AcrPull",
        principalId: this.principalId,
        // Stated, so that Azure does not look the new identity up in an Entra replica that has not heard of it yet.
        principalType: "ServicePrincipal",
      });
    }
  }
}
