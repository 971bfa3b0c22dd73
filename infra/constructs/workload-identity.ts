import { RoleAssignment } from "@cdktf/provider-azurerm/lib/role-assignment";
import { UserAssignedIdentity } from "@cdktf/provider-azurerm/lib/user-assigned-identity";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";

import { location, resourceGroupName, resources, someText, tags } from "./azure-checks";
import { type ChecksOf, optional, requireProps, text } from "./checks";

/** A user-assigned identity as its users see it: also one that somebody else owns. */
export interface IWorkloadIdentity {
  /** Resource id: what a container app runs as. */
  readonly id: string;
  /** What a token request names. */
  readonly clientId: string;
  /** Object id in Entra: what rights and database roles are given to. */
  readonly principalId: string;
  /** Also the name of its role in PostgreSQL. */
  readonly name: string;
  /**
   * What gives it its rights: whatever runs as it waits for these.
   * @default - nothing to wait for: somebody else gave them
   */
  readonly roleAssignments?: readonly TerraformResource[];
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
  /**
   * Key Vault whose secrets the identity may read.
   * @default - none
   */
  readonly readsSecretsOfKeyVaultId?: string;
  /** @default - none */
  readonly tags?: Record<string, string>;
}

/** An identity that somebody else owns. */
export interface WorkloadIdentityAttributes extends IWorkloadIdentity {}

const identityChecks: ChecksOf<WorkloadIdentityProps> = {
  name: text(
    /^[A-Za-z0-9][\w-]{2,127}$/,
    "must be an identity's name: 3 to 128 letters, digits, '_' and '-', a letter or digit first. Rename it",
  ),
  resourceGroupName,
  location,
  pullsFromRegistryId: optional(someText),
  readsSecretsOfKeyVaultId: optional(someText),
  tags,
};

const attributesChecks: ChecksOf<WorkloadIdentityAttributes> = {
  id: someText,
  clientId: someText,
  principalId: someText,
  name: someText,
  roleAssignments: optional(resources),
};

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
  readonly principalId: string;
  readonly name: string;
  readonly tenantId: string;
  /** The resource itself, for what this construct has no prop for. */
  readonly resource: UserAssignedIdentity;
  /** What gives it its rights: whatever runs as it waits for these. */
  readonly roleAssignments: readonly RoleAssignment[];

  /** Uses an identity that somebody else owns; its rights are theirs to give. */
  static fromWorkloadIdentityAttributes(
    scope: Construct,
    id: string,
    attributes: WorkloadIdentityAttributes,
  ): IWorkloadIdentity {
    return new ImportedWorkloadIdentity(scope, id, attributes);
  }

  constructor(scope: Construct, id: string, props: WorkloadIdentityProps) {
    super(scope, id);
    requireProps(props, identityChecks, this.node.path);
    this.resource = new UserAssignedIdentity(this, "identity", {
      name: props.name,
      resourceGroupName: props.resourceGroupName,
      location: props.location,
      tags: props.tags,
    });
    this.id = this.resource.id;
    this.clientId = this.resource.clientId;
    this.name = this.resource.name;
    this.principalId = this.resource.principalId;
    this.tenantId = this.resource.tenantId;

    this.roleAssignments = [
      ...this.allow("registry-pull", "AcrPull", props.pullsFromRegistryId),
      ...this.allow("key-vault-secrets", "Key Vault Secrets User", props.readsSecretsOfKeyVaultId),
    ];
  }

  private allow(id: string, roleDefinitionName: string, scope: string | undefined): RoleAssignment[] {
    if (scope === undefined) return [];
    return [
      new RoleAssignment(this, id, {
        scope,
        roleDefinitionName,
        principalId: this.principalId,
        // Stated, so that Azure does not look the new identity up in an Entra replica that has not heard of it yet.
        principalType: "ServicePrincipal",
      }),
    ];
  }
}

class ImportedWorkloadIdentity extends Construct implements IWorkloadIdentity {
  readonly id: string;
  readonly clientId: string;
  readonly principalId: string;
  readonly name: string;
  readonly roleAssignments?: readonly TerraformResource[];

  constructor(scope: Construct, id: string, attributes: WorkloadIdentityAttributes) {
    super(scope, id);
    requireProps(attributes, attributesChecks, this.node.path);
    this.id = attributes.id;
    this.clientId = attributes.clientId;
    this.principalId = attributes.principalId;
    this.name = attributes.name;
    this.roleAssignments = attributes.roleAssignments;
  }
}
