import { createDefaultHttpClient, type HttpClient } from "@azure/core-rest-pipeline";
import {
  AzureCliCredential,
  EnvironmentCredential,
  ManagedIdentityCredential,
  type TokenCredentialOptions,
} from "@azure/identity";
import type { Environment } from "../settings/read-options";
import type { Credential, Exchange } from "./credential";

/** The Azure CLI is a Python program that asks over the network. */
const cliMs = 30_000;

/**
 * Chooses where tokens come from, other than a container's own endpoint: another kind of managed identity
 * (IDENTITY_ENDPOINT; AZURE_CLIENT_ID names a user-assigned one), else a service principal in the environment, else the
 * Azure CLI of a laptop.
 */
export function createCredential(env: Environment): Credential {
  const exchange: Exchange = { timeoutMs: 0 };
  // Their own retries would be silent, and go on beyond our bound.
  const options = { httpClient: listen(exchange), retryOptions: { maxRetries: 0 } };
  if (env.IDENTITY_ENDPOINT) {
    const clientId = env.AZURE_CLIENT_ID || undefined;
    return {
      credential: new ManagedIdentityCredential({ ...options, clientId }),
      source: "the managed identity endpoint",
      exchange,
    };
  }
  if (env.AZURE_TENANT_ID && env.AZURE_CLIENT_ID && (env.AZURE_CLIENT_SECRET || env.AZURE_CLIENT_CERTIFICATE_PATH)) {
    return {
      credential: new EnvironmentCredential(principalOptions(env, options)),
      source: "Microsoft Entra",
      exchange,
    };
  }
  return { credential: new AzureCliCredential({ processTimeoutInMs: cliMs }), source: "the Azure CLI" };
}

/** An authority of one's own (a private cloud) is unknown to Microsoft's directory of authorities. */
function principalOptions({ AZURE_AUTHORITY_HOST }: Environment, options: TokenCredentialOptions) {
  return { ...options, disableInstanceDiscovery: Boolean(AZURE_AUTHORITY_HOST) };
}

/** An HTTP client that ends in time and keeps what it heard: the credentials' errors do not tell the status. */
function listen(exchange: Exchange): HttpClient {
  const client = createDefaultHttpClient();
  return {
    sendRequest: async (request) => {
      // Not request.timeout, whose timer lives on after an error and keeps the process from ending.
      request.abortSignal = AbortSignal.timeout(exchange.timeoutMs);
      exchange.status = undefined;
      const response = await client.sendRequest(request);
      exchange.status = response.status;
      exchange.retryAfter = response.headers.get("retry-after");
      return response;
    },
  };
}
