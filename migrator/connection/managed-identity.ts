import type { IncomingMessage } from "node:http";
import type { Environment } from "../settings/read-options";
import type { Credential, Exchange, Token } from "./credential";

/** Version of the endpoint's protocol: https://learn.microsoft.com/azure/container-apps/managed-identity#rest-endpoint-reference */
const apiVersion = "2019-08-01";

/** A token is asked for anew this long before its end, as Azure's libraries do. */
const renewBeforeMs = 300_000;

/** Whether this container has the endpoint that Container Apps and App Service give to theirs. */
export function hasIdentityEndpoint(env: Environment): boolean {
  // Service Fabric's is another one with the same names, and a certificate of its own.
  return Boolean(env.IDENTITY_ENDPOINT && env.IDENTITY_HEADER && !env.IDENTITY_SERVER_THUMBPRINT);
}

/**
 * Asks a container's endpoint for the tokens of its managed identity; AZURE_CLIENT_ID names a user-assigned one. One
 * request, for which Azure's library would load for longer than all the rest of a start takes.
 */
export function managedIdentity(env: Environment): Credential {
  const exchange: Exchange = { timeoutMs: 0 };
  let kept: Token | undefined;
  const getToken = async (scope: string): Promise<Token> => {
    if (!kept || kept.expiresOnTimestamp - renewBeforeMs < Date.now()) {
      kept = await ask(env, scope.replace(/\/\.default$/, ""), exchange);
    }
    return kept;
  };
  return { credential: { getToken }, source: "the managed identity endpoint", exchange };
}

async function ask(env: Environment, resource: string, exchange: Exchange): Promise<Token> {
  const url = new URL(env.IDENTITY_ENDPOINT ?? "");
  const clientId = env.AZURE_CLIENT_ID;
  const parameters = { "api-version": apiVersion, resource, ...(clientId && { client_id: clientId }) };
  url.search = new URLSearchParams(parameters).toString();
  const response = await get(url, { "x-identity-header": env.IDENTITY_HEADER ?? "" }, exchange.timeoutMs);
  const body = await readText(response);
  exchange.status = response.statusCode;
  exchange.retryAfter = response.headers["retry-after"];
  const answer = parse(body);
  if (response.statusCode !== 200 || typeof answer.access_token !== "string") {
    throw new Error(response.statusCode === 200 ? "the answer holds no token" : String(answer.message ?? body));
  }
  return { token: answer.access_token, expiresOnTimestamp: Number(answer.expires_on) * 1_000 || 0 };
}

async function get(url: URL, headers: Readonly<Record<string, string>>, timeoutMs: number): Promise<IncomingMessage> {
  const { get: send } = await (url.protocol === "https:" ? import("node:https") : import("node:http"));
  return new Promise((resolve, reject) => {
    send(url, { headers, agent: false, signal: AbortSignal.timeout(timeoutMs) }, resolve).on("error", reject);
  });
}

async function readText(response: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) {
    text += chunk;
  }
  return text;
}

function parse(body: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {};
  }
}
