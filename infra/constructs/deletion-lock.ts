import { ManagementLock } from "@cdktf/provider-azurerm/lib/management-lock";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";

export interface DeletionLockProps {
  /** Resource that nobody may delete; neither may they what lies below it. */
  readonly resourceId: string;
  /** Why, in the words that somebody who tries to delete it reads. */
  readonly notes: string;
  /**
   * What lies below the resource: made before the lock, and deleted after it when both go. Where one of these has to go
   * alone, the lock must be removed by hand before.
   */
  readonly covers: readonly ITerraformDependable[];
}

/** Keeps a resource from being deleted by anyone, portal and command line included, until the lock is removed. */
export function lockAgainstDeletion(scope: Construct, props: DeletionLockProps): ManagementLock {
  return new ManagementLock(scope, "deletion-lock", {
    name: "do-not-delete",
    scope: props.resourceId,
    lockLevel: "CanNotDelete",
    notes: props.notes,
    dependsOn: [...props.covers],
  });
}
