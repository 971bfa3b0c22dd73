import { exitCodes, SchemagateError } from "../../migrator/errors";

/** What the SDKs' errors have in common, as far as it is read here. */
interface RestErrorFields {
  readonly name?: string;
  readonly code?: string;
  readonly statusCode?: number;
  readonly message?: string;
  readonly details?: unknown;
}

/** Why a request failed, as far as it decides what to do next. */
export type Failure = "expired" | "passing" | "missing" | "denied" | "no-credential" | "other";

/** Statuses that say "again later": a time-out, a throttle, a conflict with a change under way, a server's own trouble. */
const passingStatuses: ReadonlySet<number> = new Set([408, 409, 429, 500, 502, 503, 504]);

/** Codes of a connection that failed, as Node and the SDKs name them. */
const passingCodes = /^(ECONNRESET|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|EPIPE|REQUEST_SEND_ERROR)$/;

/** Tells what kind of failure an SDK's error is. */
export function classify(thrown: unknown): Failure {
  const { name = "", code = "", statusCode } = (thrown ?? {}) as RestErrorFields;
  if (/^(CredentialUnavailable|AggregateAuthentication|Authentication(Required)?)Error$/.test(name)) {
    return "no-credential";
  }
  if (statusCode === 401) return "expired";
  if (statusCode === 403) return "denied";
  if (statusCode === 404) return "missing";
  if (statusCode !== undefined) return passingStatuses.has(statusCode) ? "passing" : "other";
  return passingCodes.test(code) ? "passing" : "other";
}

/** What an SDK's error says, in one line: its code and the first line of its message. */
export function describeFailure(thrown: unknown): string {
  const { code, statusCode, message = String(thrown) } = (thrown ?? {}) as RestErrorFields;
  const [line = ""] = message.trim().split("\n");
  const facts = [statusCode === undefined ? undefined : `HTTP ${statusCode}`, code].filter(
    (fact) => fact !== undefined,
  );
  return facts.length === 0 ? line : `${facts.join(", ")}: ${line}`;
}

/**
 * Turns a failed request into an error with an exit code.
 *
 * @param what was asked for: `container app ca-shop-dev in resource group rg-shop-dev`.
 */
export function azureError(thrown: unknown, what: string): SchemagateError {
  const failure = classify(thrown);
  const because = describeFailure(thrown);
  const common = { exitCode: exitCodes.connection, cause: thrown };
  switch (failure) {
    case "no-credential":
      return new SchemagateError({
        ...common,
        code: "azure-no-credential",
        message: `cannot sign in to Azure to read ${what}: ${because}`,
        hint:
          "On a laptop run 'az login'; in a pipeline sign in with its federated identity before (azure/login, " +
          "AzureCLI@2), or give AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_FEDERATED_TOKEN_FILE.",
      });
    case "denied":
    case "expired":
      return new SchemagateError({
        ...common,
        code: "azure-denied",
        message: `Azure does not let this identity read ${what}: ${because}`,
        hint:
          "Give it the role Container Apps Contributor on the resource group and Log Analytics Reader on the workspace; " +
          "a new role takes some minutes to be known everywhere.",
      });
    case "missing":
      return new SchemagateError({
        ...common,
        code: "azure-not-found",
        exitCode: exitCodes.notDeployed,
        message: `there is no ${what}: ${because}`,
        hint: "Deploy it first, and check subscription and environment: 'npm run settings -- <environment>' prints the names.",
      });
    default:
      return new SchemagateError({
        ...common,
        code: "azure-unreachable",
        message: `cannot read ${what}: ${because}`,
        hint: "Check the network and https://status.azure.com, then run it again: it changes nothing by itself.",
      });
  }
}
