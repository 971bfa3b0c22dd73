import { exitCodes, SchemagateError } from "../../migrator/errors";
import { credentialReasons } from "./credential-reasons";

/** What the SDKs' errors have in common, as far as it is read here. */
interface RestErrorFields {
  readonly name?: string;
  readonly code?: string;
  readonly statusCode?: number;
  readonly message?: string;
  readonly response?: { readonly headers?: { get?(name: string): string | undefined } };
}

/** Why a request failed, as far as it decides what to do next. */
export type Failure = "expired" | "passing" | "missing" | "denied" | "no-credential" | "other";

/** Statuses that say "again later": a time-out, a throttle, a conflict with a change under way, a server's own trouble. */
const passingStatuses: ReadonlySet<number> = new Set([408, 409, 429, 500, 502, 503, 504]);

/** Codes of a connection that failed, as Node and the SDKs name them. */
const passingCodes =
  /^(ECONNRESET|ECONNABORTED|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|EPIPE|REQUEST_SEND_ERROR)$/;

/** Codes of a connection that never came about, so that nothing was sent on it. */
const unsentCodes =
  /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOTFOUND|CERT_\w+|ERR_TLS_CERT_\w+|UNABLE_TO_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+)$/;

const credentialErrors = /^(CredentialUnavailable|AggregateAuthentication|Authentication(Required)?)Error$/;

/** What an abort signal throws when its time is over, itself or through a client. */
const abortErrors = /^(Timeout|Abort)Error$/;

/** Tells what kind of failure an SDK's error is. */
export function classify(thrown: unknown): Failure {
  const { name = "", code = "", statusCode } = (thrown ?? {}) as RestErrorFields;
  if (abortErrors.test(name)) return "passing";
  if (credentialErrors.test(name)) return "no-credential";
  if (statusCode === 401) return "expired";
  if (statusCode === 403) return "denied";
  if (statusCode === 404) return "missing";
  if (statusCode !== undefined) return passingStatuses.has(statusCode) ? "passing" : "other";
  return passingCodes.test(code) ? "passing" : "other";
}

/**
 * Whether a request that failed may have done what it asks for: it was sent, and no answer says that it was refused. What
 * nobody knows may have.
 */
export function mayHaveArrived(thrown: unknown): boolean {
  const { name = "", code = "", statusCode } = (thrown ?? {}) as RestErrorFields;
  if (credentialErrors.test(name) || unsentCodes.test(code)) return false;
  return statusCode === undefined || statusCode === 408 || statusCode < 400 || statusCode >= 500;
}

/** How long Azure asks to be left alone: in milliseconds, seconds or up to a date. @returns undefined where it does not */
export function retryAfterMs(thrown: unknown): number | undefined {
  const { headers } = ((thrown ?? {}) as RestErrorFields).response ?? {};
  const read = (name: string) => headers?.get?.(name)?.trim() || undefined;
  const ms = read("retry-after-ms") ?? read("x-ms-retry-after-ms");
  const seconds = read("retry-after");
  const isNumber = (text: string | undefined) => text !== undefined && /^\d+(\.\d+)?$/.test(text);
  if (isNumber(ms)) return Number(ms);
  if (isNumber(seconds)) return Number(seconds) * 1_000;
  // By the clock of whoever names the date.
  const waitMs = Date.parse(seconds ?? "") - (Date.parse(read("date") ?? "") || Date.now());
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : undefined;
}

/** What an SDK's error says, in one line: its code and the first line of its message. */
export function describeFailure(thrown: unknown): string {
  const { name = "", code, statusCode, message = String(thrown) } = (thrown ?? {}) as RestErrorFields;
  if (abortErrors.test(name)) return "no answer in time";
  const [line = ""] = message.trim().split("\n");
  const facts = [statusCode === undefined ? undefined : `HTTP ${statusCode}`, code].filter(
    (fact) => fact !== undefined,
  );
  return facts.length === 0 ? line : `${facts.join(", ")}: ${line}`;
}

/** A request that nobody can say of whether it did what it asks for. */
export function unclearError(thrown: unknown, what: string): SchemagateError {
  return new SchemagateError({
    code: "azure-unclear",
    message: `Azure does not say whether it did what was asked of ${what}: ${describeFailure(thrown)}`,
    hint: "Look before you ask for it again: it would be done twice.",
    exitCode: exitCodes.connection,
    cause: thrown,
  });
}

/** Time that was over before Azure gave an answer that could be used. */
export function timeOverError(thrown: unknown, what: string): SchemagateError {
  const asked = retryAfterMs(thrown);
  const wait = asked === undefined ? "" : `, and asks to wait ${Math.ceil(asked / 1_000)} s`;
  return new SchemagateError({
    code: "azure-timed-out",
    message: `${what}: ${describeFailure(thrown)}${wait}`,
    hint: "Time was over before an answer that could be used. Check https://status.azure.com, or allow more with --timeout.",
    exitCode: exitCodes.timedOut,
    cause: thrown,
  });
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
        message: `cannot sign in to Azure to read ${what}:${credentialReasons(thrown)}`,
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
