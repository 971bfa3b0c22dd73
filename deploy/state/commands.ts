import type { ResolvedSettings } from "../../infra/environment-settings";
import { resourceTags } from "../../infra/naming";

/** One command of the Azure CLI, and what it is for. */
export interface StateCommand {
  readonly about: string;
  /** Arguments of `az`. */
  readonly arguments: readonly string[];
}

export interface StateOptions {
  readonly settings: ResolvedSettings;
  readonly subscriptionId?: string;
  /** Who deploys. */
  readonly principals: readonly StatePrincipal[];
}

/** A person, group or pipeline that may read and write states. */
export interface StatePrincipal {
  readonly type: "User" | "Group" | "ServicePrincipal";
  /** Object id in Entra. */
  readonly objectId: string;
}

type AzurermState = Extract<ResolvedSettings["state"], { backend: "azurerm" }>;

/** How long a deleted state, or an older version of one, can be brought back. */
const retentionDays = "30";

/**
 * What creates the storage account of the state: Entra only, versioned, protected from being deleted. Each command may be
 * run again; what is there already stays.
 */
export function stateCommands(
  state: AzurermState,
  { settings, subscriptionId, principals }: StateOptions,
): StateCommand[] {
  const { resourceGroupName: group, storageAccountName: account, containerName } = state;
  const at = subscriptionId === undefined ? [] : ["--subscription", subscriptionId];
  const tags = Object.entries({ ...resourceTags(settings), environment: "shared" }).map(
    ([name, value]) => `${name}=${value}`,
  );
  const command = (about: string, ...args: readonly string[]) => ({ about, arguments: [...args, ...at] });
  return [
    command(
      "the group of the account, apart from every environment's",
      ...["group", "create", "--name", group, "--location", settings.location, "--tags", ...tags],
    ),
    command(
      "the account: no keys, no anonymous access, copies in several zones",
      ...["storage", "account", "create", "--name", account, "--resource-group", group],
      ...["--location", settings.location, "--kind", "StorageV2", "--sku", "Standard_ZRS"],
      ...["--min-tls-version", "TLS1_2", "--https-only", "true"],
      ...["--allow-shared-key-access", "false", "--allow-blob-public-access", "false", "--tags", ...tags],
    ),
    command(
      "older versions of a state, and deleted ones, can be brought back",
      ...["storage", "account", "blob-service-properties", "update"],
      ...["--account-name", account, "--resource-group", group, "--enable-versioning", "true"],
      ...["--enable-delete-retention", "true", "--delete-retention-days", retentionDays],
      ...["--enable-container-delete-retention", "true", "--container-delete-retention-days", retentionDays],
    ),
    command(
      "the container, made through the resource manager: no right on the data is needed for that",
      ...["storage", "container-rm", "create", "--name", containerName],
      ...["--storage-account", account, "--resource-group", group, "--public-access", "off"],
    ),
    ...principals.map((principal) =>
      command(
        `${principal.type} ${principal.objectId} may read and write states`,
        ...["role", "assignment", "create", "--role", "Storage Blob Data Contributor"],
        ...["--assignee-object-id", principal.objectId, "--assignee-principal-type", principal.type],
        ...["--scope", containerScope(state, subscriptionId)],
      ),
    ),
    command(
      "nobody deletes the account by mistake",
      ...["lock", "create", "--name", "do-not-delete", "--lock-type", "CanNotDelete"],
      ...["--resource-group", group, "--resource-name", account],
      ...["--resource-type", "Microsoft.Storage/storageAccounts"],
    ),
  ];
}

function containerScope({ resourceGroupName, storageAccountName, containerName }: AzurermState, subscription = "") {
  return (
    `/subscriptions/${subscription}/resourceGroups/${resourceGroupName}/providers/Microsoft.Storage/storageAccounts/` +
    `${storageAccountName}/blobServices/default/containers/${containerName}`
  );
}

/** A command as a shell takes it; `$(…)` is the shell's to fill in. */
export function toShell({ arguments: args }: StateCommand): string {
  return ["az", ...args]
    .map((word) =>
      /^[\w@%+=:,./-]+$/.test(word) ? word : word.startsWith("$(") ? `"${word}"` : `'${word.replaceAll("'", `'\\''`)}'`,
    )
    .join(" ");
}
