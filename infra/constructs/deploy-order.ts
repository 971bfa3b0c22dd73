import { type TerraformResource, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { IPostgresDatabase } from "./private-postgres-props";
import { type IWorkloadIdentity, WorkloadIdentity } from "./workload-identity";

/** What something is given to work with. */
export interface Needs {
  /** Whom it runs as, or reads secrets and pulls images as. */
  readonly identities: readonly (IWorkloadIdentity | undefined)[];
  /** More of them, by their resource ids alone. */
  readonly identityIds?: readonly (string | undefined)[];
  readonly database?: IPostgresDatabase;
  /** What somebody named besides. */
  readonly deployAfter?: readonly TerraformResource[];
}

/** Orders a resource after the rights of its identities, the database it works with, and what somebody named. */
export function orderAfterNeeds(construct: Construct, needs: Needs): TerraformResource[] | undefined {
  const { identities, identityIds = [], database, deployAfter = [] } = needs;
  // By their ids too: what stands for an identity may know no more of it.
  const known = findIdentities(construct, new Set([...identities.map((identity) => identity?.id), ...identityIds]));
  return orderAfter(construct, [
    ...[...identities, ...known].flatMap((identity) => identity?.roleAssignments ?? []),
    ...(database?.prerequisites ?? []),
    ...deployAfter,
  ]);
}

/**
 * Orders a resource after others. Terraform's depends_on ends at the stack's border, so a resource of another stack puts
 * that whole stack first.
 *
 * @returns what belongs into the resource's `dependsOn`, each once.
 */
export function orderAfter(
  construct: Construct,
  resources: readonly TerraformResource[],
): TerraformResource[] | undefined {
  const stack = TerraformStack.of(construct);
  for (const resource of resources) {
    if (resource.cdktfStack !== stack) stack.addDependency(resource.cdktfStack);
  }
  const own = new Set(resources.filter((resource) => resource.cdktfStack === stack));
  return own.size === 0 ? undefined : [...own];
}

/** The identities with these resource ids, as far as they are made in the same app: an id alone tells of no rights. */
function findIdentities(construct: Construct, ids: ReadonlySet<string | undefined>): WorkloadIdentity[] {
  if (ids.size === 0) return [];
  const isAskedFor = (each: unknown): each is WorkloadIdentity => each instanceof WorkloadIdentity && ids.has(each.id);
  return construct.node.root.node.findAll().filter(isAskedFor);
}
