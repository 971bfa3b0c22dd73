import { ContainerAppsAPIClient } from "@azure/arm-appcontainers";
import { DefaultAzureCredential } from "@azure/identity";
import { LogsQueryClient } from "@azure/monitor-query-logs";

/** Where Azure answers, for clouds other than the public one. */
export interface Endpoints {
  /** Resource manager. @default https://management.azure.com */
  readonly resourceManager?: string;
  /** Log Analytics, with its version: `https://…/v1`. @default https://api.loganalytics.io/v1 */
  readonly logs?: string;
}

/** Clients of one subscription. They hold tokens: after a token was refused, new ones ask for another. */
export interface AzureClients {
  readonly containerApps: ContainerAppsAPIClient;
  readonly logs: LogsQueryClient;
}

/**
 * Makes the clients. The identity is what `DefaultAzureCredential` finds: variables, workload identity, managed identity,
 * Azure CLI.
 */
export function connect(subscriptionId: string, { resourceManager, logs }: Endpoints): AzureClients {
  const credential = new DefaultAzureCredential();
  return {
    containerApps: new ContainerAppsAPIClient(credential, subscriptionId, {
      ...(resourceManager && {
        endpoint: resourceManager,
        credentials: { scopes: [`${resourceManager.replace(/\/$/, "")}/.default`] },
      }),
    }),
    logs: new LogsQueryClient(credential, {
      ...(logs && { endpoint: logs, credentials: { scopes: [`${new URL(logs).origin}/.default`] } }),
    }),
  };
}
