import { ContainerAppsAPIClient } from "@azure/arm-appcontainers";
import { DefaultAzureCredential, type TokenCredential } from "@azure/identity";
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
  readonly credential: TokenCredential;
  readonly containerApps: ContainerAppsAPIClient;
  readonly logs: LogsQueryClient;
  /** What the clients ask tokens for. */
  readonly scopes: readonly string[];
}

const publicCloud = { resourceManager: "https://management.azure.com", logs: "https://api.loganalytics.io/v1" };

/**
 * Makes the clients. The identity is what `DefaultAzureCredential` finds: variables, workload identity, managed identity,
 * Azure CLI.
 */
export function connect(subscriptionId: string, endpoints: Endpoints): AzureClients {
  const { resourceManager = publicCloud.resourceManager, logs = publicCloud.logs } = endpoints;
  const credential = new DefaultAzureCredential();
  // Azure, the class, sends again: it knows what may be sent twice, and how much time is left.
  const retryOptions = { maxRetries: 0 };
  const scopeOf = (endpoint: string) => `${new URL(endpoint).origin}/.default`;
  return {
    credential,
    containerApps: new ContainerAppsAPIClient(credential, subscriptionId, {
      endpoint: resourceManager,
      retryOptions,
      credentialScopes: [scopeOf(resourceManager)],
    }),
    logs: new LogsQueryClient(credential, { endpoint: logs, retryOptions, credentials: { scopes: [scopeOf(logs)] } }),
    scopes: [scopeOf(resourceManager), scopeOf(logs)],
  };
}
