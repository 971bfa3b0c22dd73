import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** An identity that is assigned to the app, and the token that it gets. */
export interface AssignedIdentity {
  readonly clientId: string;
  readonly token: string;
}

/** What a container asked. */
export type TokenRequest = Readonly<Record<string, string>>;

/** The endpoint of a replica's managed identities. */
export interface IdentityEndpoint {
  /** What was asked with the right secret, oldest first. */
  readonly requests: readonly TokenRequest[];
  readonly close: () => Promise<void>;
}

/** The secret that the platform gives a replica; who does not know it is no container of it. */
export const identityHeader = "e2e-identity-header-secret";

/** What the platform sets in every container. */
export function identityVariables(port: number): Readonly<Record<string, string>> {
  return { IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`, IDENTITY_HEADER: identityHeader };
}

const resource = "https://ossrdbms-aad.database.windows.net";
const anHourS = 3_600;

/**
 * Gives out tokens as Container Apps does, to who names an assigned identity:
 * https://learn.microsoft.com/azure/container-apps/managed-identity#rest-endpoint-reference
 */
export async function startIdentityEndpoint(
  port: number,
  identities: readonly AssignedIdentity[],
): Promise<IdentityEndpoint> {
  const requests: TokenRequest[] = [];
  const server = createServer((request, response) => {
    if (request.headers["x-identity-header"] !== identityHeader) {
      response.writeHead(401).end();
      return;
    }
    const asked = queryOf(request);
    requests.push(asked);
    answer(response, asked, identities);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  return {
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function queryOf(request: IncomingMessage): TokenRequest {
  return Object.fromEntries(new URL(request.url ?? "", "http://endpoint").searchParams);
}

function answer(response: ServerResponse, asked: TokenRequest, identities: readonly AssignedIdentity[]): void {
  const identity = identities.find(({ clientId }) => clientId === asked.client_id);
  if (asked["api-version"] !== "2019-08-01" || asked.resource !== resource) {
    json(response, 400, { statusCode: 400, message: "The api-version or resource is invalid." });
  } else if (!identity) {
    json(response, 400, {
      statusCode: 400,
      message: notAssigned,
      correlationId: "00000000-e2e0-0000-0000-000000000000",
    });
  } else {
    json(response, 200, {
      access_token: identity.token,
      expires_on: String(Math.floor(Date.now() / 1_000) + anHourS),
      resource,
      token_type: "Bearer",
      client_id: identity.clientId,
    });
  }
}

/** Azure's own words. */
export const notAssigned =
  "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.";

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
