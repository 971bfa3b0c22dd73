import { chmodSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Json } from "../infra/support/synthesized";
import { makeDirectory } from "../support/migrator";
import { makeAuthority } from "../support/tls";

export const subscriptionId = "00000000-1111-2222-3333-444444444444";

/** An answer of the resource manager or of Log Analytics. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
  /** What becomes of it on its way: the connection is dropped, the answer never comes, or it is no JSON. */
  readonly fate?: "dropped" | "held-back" | "garbled";
}

/** One request as it came in. */
export interface SeenRequest {
  readonly method: string;
  /** Path below the subscription or the API's version, without the query. */
  readonly path: string;
  readonly body?: Json;
  readonly token?: string;
}

const authority = makeAuthority("fake-azure");
const { cert, key } = authority.issue("localhost", "DNS:localhost,IP:127.0.0.1");

/** What Node reads at its start only: whom a process that talks to a FakeAzure trusts. */
export const trust = { NODE_EXTRA_CA_CERTS: authority.cert };

/**
 * A resource manager and a Log Analytics on loopback, over TLS, in front of the real SDKs. `answer` plays a story; what it
 * does not know is answered as Azure does, with 404.
 */
export class FakeAzure {
  readonly requests: SeenRequest[] = [];
  /** Tokens that are refused as expired. */
  readonly expiredTokens = new Set<string>();
  private readonly server;
  private readonly identity = createServer((request, response) => {
    this.tokensIssued += 1;
    const body = {
      access_token: `managed-${this.tokensIssued}`,
      expires_on: inAnHour(),
      token_type: "Bearer",
      resource: "",
    };
    response.setHeader("content-type", "application/json");
    response.statusCode = request.headers["x-identity-header"] === "header-secret" ? 200 : 401;
    response.end(JSON.stringify(body));
  });
  private tokensIssued = 0;
  private readonly bin = makeDirectory();

  constructor(private readonly answer: (request: SeenRequest) => Answer | undefined) {
    this.server = createSecureServer(
      { cert: readFileSync(cert), key: readFileSync(key) },
      async (request, response) => {
        const { status = 200, headers = {}, body, fate } = this.respond(await readRequest(request));
        if (fate === "dropped") request.socket.destroy();
        if (fate === "dropped" || fate === "held-back") return;
        response.writeHead(status, { "content-type": "application/json", ...headers });
        const text = body === undefined ? undefined : JSON.stringify(body);
        response.end(fate === "garbled" ? "<html>" : text);
      },
    );
  }

  async start(): Promise<void> {
    for (const server of [this.server, this.identity]) {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    }
    this.installCli();
  }

  async stop(): Promise<void> {
    for (const server of [this.server, this.identity]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  /** Origin of both services. */
  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Variables of a process that talks to it, signed in with an Azure CLI of the test's own. */
  variables(): Record<string, string> {
    return {
      PATH: `${this.bin}:${process.env.PATH}`,
      ...trust,
      ARM_SUBSCRIPTION_ID: subscriptionId,
      // No look for other credentials, which would leave this machine.
      AZURE_TOKEN_CREDENTIALS: "AzureCliCredential",
      SCHEMAGATE_ARM_ENDPOINT: this.url,
      SCHEMAGATE_LOGS_ENDPOINT: `${this.url}/v1`,
      FAKE_CLI_LOG: this.cliLog,
    };
  }

  /** The same, as a container with a managed identity. */
  managedIdentityVariables(): Record<string, string> {
    const port = (this.identity.address() as AddressInfo).port;
    return {
      ...this.variables(),
      AZURE_TOKEN_CREDENTIALS: "ManagedIdentityCredential",
      IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`,
      IDENTITY_HEADER: "header-secret",
    };
  }

  /** What the Azure CLI was asked for, one command a line. */
  get cliCalls(): string[] {
    return readFileSync(this.cliLog, "utf8").split("\n").filter(Boolean);
  }

  private get cliLog(): string {
    return join(this.bin, "calls.log");
  }

  private respond(request: SeenRequest): Answer {
    this.requests.push(request);
    if (request.token === undefined || this.expiredTokens.has(request.token)) {
      return {
        status: 401,
        headers: {
          "www-authenticate": 'Bearer error="invalid_token", error_description="The access token has expired."',
        },
        body: {
          error: { code: "ExpiredAuthenticationToken", message: "The access token expiry UTC time is in the past." },
        },
      };
    }
    return (
      this.answer(request) ?? {
        status: 404,
        body: { error: { code: "ResourceNotFound", message: `The Resource '${request.path}' was not found.` } },
      }
    );
  }

  /** Stands in for the Azure CLI, which no registry of ours has: hands out tokens and notes what it was asked for. */
  private installCli(): void {
    writeFileSync(this.cliLog, "");
    const file = join(this.bin, "az");
    writeFileSync(file, `#!${process.execPath}\nrequire(${JSON.stringify(join(__dirname, "az-stub.cjs"))});\n`);
    chmodSync(file, 0o755);
    symlinkSync(process.execPath, join(this.bin, "node"));
  }
}

function inAnHour(): string {
  return String(Math.floor(Date.now() / 1_000) + 3_600);
}

async function readRequest(request: IncomingMessage): Promise<SeenRequest> {
  let text = "";
  for await (const chunk of request) text += chunk;
  const { pathname } = new URL(request.url ?? "/", "https://localhost");
  return {
    method: request.method ?? "",
    path: decodeURIComponent(pathname).replace(`/subscriptions/${subscriptionId}`, ""),
    body: text === "" ? undefined : JSON.parse(text),
    token: /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1],
  };
}
