import { LogAnalyticsWorkspace } from "@cdktf/provider-azurerm/lib/log-analytics-workspace";
import { Construct } from "constructs";
import { ConfigurationError } from "../errors";
import type { LogDestination } from "../log-queries";
import { location, optionalFlag, resourceGroupName, someText, tags } from "./azure-checks";
import { type ChecksOf, optional, requireProps, text, wholeNumber } from "./checks";

/** A Log Analytics workspace as its users see it: also one that somebody else owns. */
export interface ILogWorkspace {
  /** Resource id. */
  readonly id: string;
  /**
   * Whether it takes lines that are signed with its shared key.
   * @default - not known
   */
  readonly sharedKeyAccess?: boolean;
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
export interface LogWorkspaceAttributes extends ILogWorkspace {}

const workspaceChecks: ChecksOf<LogWorkspaceProps> = {
  name: text(
    /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
    "must be a workspace's name: 4 to 63 letters, digits and hyphens, none at either end. Rename it",
  ),
  resourceGroupName,
  location,
  retentionDays: optional(
    wholeNumber(30, 730, "a workspace keeps lines no shorter and no longer. Choose one in that range"),
  ),
  sharedKeyAccess: optionalFlag,
  tags,
};

const attributesChecks: ChecksOf<LogWorkspaceAttributes> = { id: someText, sharedKeyAccess: optionalFlag };

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
  readonly sharedKeyAccess: boolean;
  /** The resource itself, for what this construct has no prop for. */
  readonly resource: LogAnalyticsWorkspace;

  /** Uses a workspace that somebody else owns. */
  static fromLogWorkspaceAttributes(scope: Construct, id: string, attributes: LogWorkspaceAttributes): ILogWorkspace {
    return new ImportedLogWorkspace(scope, id, attributes);
  }

  constructor(scope: Construct, id: string, props: LogWorkspaceProps) {
    super(scope, id);
    requireProps(props, workspaceChecks, this.node.path);
    this.sharedKeyAccess = props.sharedKeyAccess ?? false;
    this.resource = new LogAnalyticsWorkspace(this, "Default", {
      name: props.name,
      resourceGroupName: props.resourceGroupName,
      location: props.location,
      sku: "PerGB2018",
      retentionInDays: props.retentionDays ?? 30,
      localAuthenticationEnabled: this.sharedKeyAccess,
      tags: props.tags,
    });
    this.id = this.resource.id;
  }
}

class ImportedLogWorkspace extends Construct implements ILogWorkspace {
  readonly id: string;
  readonly sharedKeyAccess?: boolean;

  constructor(scope: Construct, id: string, attributes: LogWorkspaceAttributes) {
    super(scope, id);
    requireProps(attributes, attributesChecks, this.node.path);
    this.id = attributes.id;
    this.sharedKeyAccess = attributes.sharedKeyAccess;
  }
}

/** Refuses a way to a workspace that is known to be closed: no line would arrive, and nothing would say so. */
export function requireOpenWorkspace(
  logWorkspace: ILogWorkspace,
  logDestination: LogDestination,
  construct: string,
): void {
  if (logDestination !== "log-analytics" || logWorkspace.sharedKeyAccess !== false) return;
  throw new ConfigurationError(
    `${construct}: 'logDestination' (log-analytics) signs lines with the shared key of 'logWorkspace', which takes none ` +
      "('sharedKeyAccess' false): they would be lost. Use azure-monitor, or let the workspace have 'sharedKeyAccess' true",
  );
}
