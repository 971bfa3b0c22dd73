import { LogAnalyticsWorkspace } from "@cdktf/provider-azurerm/lib/log-analytics-workspace";
import { Construct } from "constructs";

/** A Log Analytics workspace as its users see it: also one that somebody else owns. */
export interface ILogWorkspace {
  /** Resource id. */
  readonly id: string;
}

export interface LogWorkspaceProps {
  readonly name: string;
  readonly resourceGroupName: string;
  readonly location: string;
  /**
   * 30 to 730 days.
   * @default 30
   */
  readonly retentionDays?: number;
  /**
   * Take lines that are signed with the workspace's shared key. That key stands in Terraform's state, so it is worth
   * nothing unless this is on. Only container environments with the log destination `log-analytics` need it.
   * @default false
   */
  readonly sharedKeyAccess?: boolean;
  /** @default - none */
  readonly tags?: Record<string, string>;
}

/** A workspace that somebody else owns. */
export interface LogWorkspaceAttributes {
  /** Resource id. */
  readonly id: string;
}

/**
 * A Log Analytics workspace that only Entra identities reach.
 *
 * @example
 * const logs = new LogWorkspace(this, "log-workspace", {
 *   name: "log-shop-dev",
 *   resourceGroupName: group.name,
 *   location: group.location,
 * });
 */
export class LogWorkspace extends Construct implements ILogWorkspace {
  readonly id: string;
  /** The resource itself, for what this construct has no prop for. */
  readonly resource: LogAnalyticsWorkspace;

  /** Uses a workspace that somebody else owns. */
  static fromLogWorkspaceAttributes(scope: Construct, id: string, attributes: LogWorkspaceAttributes): ILogWorkspace {
    return new ImportedLogWorkspace(scope, id, attributes);
  }

  constructor(scope: Construct, id: string, props: LogWorkspaceProps) {
    super(scope, id);
    this.resource = new LogAnalyticsWorkspace(this, "Default", {
      name: props.name,
      resourceGroupName: props.resourceGroupName,
      location: props.location,
      sku: "PerGB2018",
      retentionInDays: props.retentionDays ?? 30,
      localAuthenticationEnabled: props.sharedKeyAccess ?? false,
      tags: props.tags,
    });
    this.id = this.resource.id;
  }
}

class ImportedLogWorkspace extends Construct implements ILogWorkspace {
  readonly id: string;

  constructor(scope: Construct, id: string, attributes: LogWorkspaceAttributes) {
    super(scope, id);
    this.id = attributes.id;
  }
}
