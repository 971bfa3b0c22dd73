import { setTimeout as delay } from "node:timers/promises";
import { type AzureClients, connect, type Endpoints } from "./connect";
import { azureError, classify, describeFailure } from "./errors";

/** How often a request that fails for a passing reason is sent again beyond what the SDK does by itself. */
const passingAttempts = 5;

/** How long one request may take: an endpoint that accepts and never answers must not hold up a pipeline. */
const requestTimeoutMs = 60_000;

export interface AzureOptions {
  readonly subscriptionId: string;
  readonly endpoints: Endpoints;
  /** Aborted when the user ends the run. */
  readonly signal: AbortSignal;
  /** Hears of what was tried again, and why. */
  readonly onRetry: (why: string) => void;
  /** Pause before another attempt. */
  readonly retryPauseMs: number;
}

/** Sends requests to Azure: again with a new token when one was refused, again when the reason passes. */
export class Azure {
  private clients: AzureClients;

  constructor(private readonly options: AzureOptions) {
    this.clients = connect(options.subscriptionId, options.endpoints);
  }

  get signal(): AbortSignal {
    return this.options.signal;
  }

  /**
   * Asks for every token that will be needed: nobody wants to hear after half an hour of Terraform that nobody is signed
   * in, and a pipeline's sign-in gives new tokens for some minutes only.
   *
   * @throws SchemagateError exit 7 when nobody is signed in.
   */
  async signIn(): Promise<void> {
    for (const scope of this.clients.scopes) {
      await this.request("what runs there", ({ credential }, abortSignal) =>
        credential.getToken(scope, { abortSignal }),
      );
    }
  }

  /**
   * Sends a request.
   *
   * @param what is asked for, for the error's message.
   * @throws SchemagateError exit 7 when Azure cannot be reached or does not let this identity, 12 when it is not there.
   */
  async request<T>(what: string, send: (clients: AzureClients, signal: AbortSignal) => Promise<T>): Promise<T> {
    let isRenewed = false;
    for (let attempt = 1; ; attempt++) {
      try {
        const signal = AbortSignal.any([this.options.signal, AbortSignal.timeout(requestTimeoutMs)]);
        return await Promise.race([send(this.clients, signal), aborted(signal)]);
      } catch (thrown) {
        this.options.signal.throwIfAborted();
        const failure = isTimeout(thrown) ? "passing" : classify(thrown);
        if (failure === "expired" && !isRenewed) {
          isRenewed = true;
          this.options.onRetry(`token refused (${describeFailure(thrown)}), asking for a new one`);
          this.clients = connect(this.options.subscriptionId, this.options.endpoints);
          continue;
        }
        if (failure !== "passing" || attempt >= passingAttempts) {
          throw azureError(thrown, what);
        }
        this.options.onRetry(`${what}: ${describeFailure(thrown)}; trying again`);
        await delay(this.options.retryPauseMs * attempt, undefined, { signal: this.options.signal });
      }
    }
  }
}

/** Not every client listens to its signal. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function isTimeout(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === "TimeoutError" || thrown.name === "AbortError");
}
