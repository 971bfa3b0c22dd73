import type { TokenCredential } from "@azure/identity";
import { exitCodes, SchemagateError } from "../errors";

/** Scope of tokens for Azure Database for PostgreSQL. */
const scope = "https://ossrdbms-aad.database.windows.net/.default";

let credential: TokenCredential | undefined;

/**
 * Fetches a Microsoft Entra token to use as password: from the managed identity of a container (AZURE_CLIENT_ID names
 * a user-assigned one), on a laptop from the Azure CLI. The token is needed only while a connection opens.
 *
 * @throws cannot connect (exit 7) when there is none to be had.
 */
export async function entraPassword(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  try {
    credential ??= await createCredential(env);
    const token = await credential.getToken(scope);
    if (!token) {
      throw new Error("the credential returned no token");
    }
    return token.token;
  } catch (cause) {
    throw new SchemagateError({
      code: "no-token",
      message: `no Entra token for PostgreSQL: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: env.IDENTITY_ENDPOINT
        ? "Check that the app runs on a Consumption profile and that AZURE_CLIENT_ID names an identity assigned to it."
        : "Run `az login`, or set DATABASE_AUTH=password and a password.",
      exitCode: exitCodes.connection,
      cause,
    });
  }
}

async function createCredential(env: Readonly<Record<string, string | undefined>>): Promise<TokenCredential> {
  // Loaded on first use: password authentication never needs it.
  const { AzureCliCredential, ManagedIdentityCredential } = await import("@azure/identity");
  if (!env.IDENTITY_ENDPOINT) {
    return new AzureCliCredential();
  }
  return env.AZURE_CLIENT_ID
    ? new ManagedIdentityCredential({ clientId: env.AZURE_CLIENT_ID })
    : new ManagedIdentityCredential();
}
