import { createHash } from "node:crypto";
import { ManagementLock } from "@cdktf/provider-azurerm/lib/management-lock";
import type { TerraformResource } from "cdktf";
import type { Construct } from "constructs";

export interface DeletionLockProps {
  /** Resource that nobody may delete; neither may they what lies below it. */
  readonly resourceId: string;
  /** Why, in the words that somebody who tries to delete it reads. */
  readonly notes: string;
  /** What lies below the resource. */
  readonly covers: readonly TerraformResource[];
  /**
   * Values of what lies below that cannot change in place: with another one it is deleted and made anew.
   * @default - none
   */
  readonly fixed?: readonly string[];
}

/**
 * Keeps a resource from being deleted by anyone, portal and command line included. What lies below it may still go: the lock
 * is taken away before, and made again behind it.
 */
export class DeletionLock {
  private readonly lock: ManagementLock;
  private readonly covers: TerraformResource[] = [];

  constructor(
    scope: Construct,
    private readonly props: DeletionLockProps,
  ) {
    const { resourceId, notes } = props;
    const lockLevel = "CanNotDelete";
    this.lock = new ManagementLock(scope, "deletion-lock", {
      name: "do-not-delete",
      scope: resourceId,
      lockLevel,
      notes,
    });
    this.cover(props.covers);
  }

  /**
   * Adds to what lies below the resource. Azure takes other notes for another lock: with other members Terraform removes the
   * lock first, because it came last, then deletes what is no longer there, and locks again.
   */
  cover(resources: readonly TerraformResource[]): void {
    this.covers.push(...resources);
    this.lock.dependsOn = this.covers.map(addressOf);
    const members = [...this.covers.map(addressOf), ...(this.props.fixed ?? [])];
    const digest = createHash("sha256").update(members.sort().join("\n")).digest("hex").slice(0, 8);
    this.lock.notes = `${this.props.notes} Covers what is below it (${digest}).`;
  }
}

function addressOf({ terraformResourceType, friendlyUniqueId }: TerraformResource): string {
  return `${terraformResourceType}.${friendlyUniqueId}`;
}
