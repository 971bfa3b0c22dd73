import { setTimeout as delay } from "node:timers/promises";
import { type AzureClients, connect, type Endpoints } from "./connect";
import {
  azureError,
  classify,
  describeFailure,
  mayHaveArrived,
  retryAfterMs,
  timeOverError,
  unclearError,
} from "./errors";

/** How often a request is sent that fails for a passing reason: for a minute and a half, with the pauses between. */
const passingAttempts = 8;

/** The first pause, and the longest, where Azure names none: those of its SDKs, whose own retries are switched off. */
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/** How long one request may take: an endpoint that accepts and never answers must not hold up a pipeline. */
const requestTimeoutMs = 60_000;

/** Time for one look, however little was given: `--timeout 0` looks once. */
const oneLookMs = 5_000;

/** More than all attempts take: what ends a sign-in is never a wait that somebody asks for. */
const signInMs = 600_000;

/** What a timer of Node can wait. */
const longestTimerMs = 2 ** 31 - 1;

export interface AzureOptions {
  readonly subscriptionId: string;
  readonly endpoints: Endpoints;
  /** Aborted when the user ends the run. */
  readonly signal: AbortSignal;
  /** Hears of what was tried again, and why. */
  readonly onRetry: (why: string) => void;
  /** Longest first pause before another attempt. */
  readonly retryPauseMs: number;
}

type Send<T> = (clients: AzureClients, signal: AbortSignal) => Promise<T>;

/** Until when requests are sent again, and until when one may take. */
interface Limits {
  readonly sendUntil: number;
  readonly answerBy: number;
}

const unlimited: Limits = { sendUntil: Number.POSITIVE_INFINITY, answerBy: Number.POSITIVE_INFINITY };

/** Sends requests to Azure: again with a new token when one was refused, again when the reason passes. */
export class Azure {
  constructor(
    private readonly options: AzureOptions,
    private readonly limits = unlimited,
    /** Held together: a token that was refused is refused for every view. */
    private readonly held = { clients: connect(options.subscriptionId, options.endpoints) },
  ) {}

  get signal(): AbortSignal {
    return this.options.signal;
  }

  /** The same, with so much time for all that is asked of it, but never more than this one has. */
  within(ms: number): Azure {
    const now = performance.now();
    const sendUntil = Math.min(this.limits.sendUntil, now + ms);
    return new Azure(this.options, { sendUntil, answerBy: Math.max(sendUntil, now + oneLookMs) }, this.held);
  }

  /** Whether its time is over. */
  get isOver(): boolean {
    return performance.now() >= this.limits.sendUntil;
  }

  /** Tells of an answer that was not what was hoped for, and what is done about it. */
  report(why: string): void {
    this.options.onRetry(why);
  }

  /**
   * Asks for every token that will be needed: nobody wants to hear after half an hour of Terraform that nobody is signed
   * in, and a pipeline's sign-in gives new tokens for some minutes only.
   *
   * @throws SchemagateError exit 7 when nobody is signed in.
   */
  async signIn(): Promise<void> {
    const azure = this.within(signInMs);
    for (const scope of this.held.clients.scopes) {
      await azure.request("what runs there", ({ credential }, abortSignal) =>
        credential.getToken(scope, { abortSignal }),
      );
    }
  }

  /**
   * Sends a request that may arrive twice.
   *
   * @param what is asked for, for the error's message.
   * @throws SchemagateError exit 7 when Azure cannot be reached or does not let this identity, 11 when time is over, 12
   * when it is not there.
   */
  async request<T>(what: string, send: Send<T>): Promise<T> {
    return this.sendAgain(what, send, () => false);
  }

  /**
   * Sends a request that does something each time it arrives: again only after an answer that it did nothing (INV-27).
   *
   * @throws SchemagateError as `request` does; `azure-unclear` when nobody knows whether it did anything.
   */
  async requestOnce<T>(what: string, send: Send<T>): Promise<T> {
    return this.sendAgain(what, send, mayHaveArrived);
  }

  private async sendAgain<T>(what: string, send: Send<T>, isUnclear: (thrown: unknown) => boolean): Promise<T> {
    let isRenewed = false;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.send(send);
      } catch (thrown) {
        this.signal.throwIfAborted();
        if (isUnclear(thrown)) throw unclearError(thrown, what);
        const failure = classify(thrown);
        if (failure === "expired" && !isRenewed) {
          isRenewed = true;
          this.report(`token refused (${describeFailure(thrown)}), asking for a new one`);
          this.held.clients = connect(this.options.subscriptionId, this.options.endpoints);
          continue;
        }
        if (failure !== "passing") throw azureError(thrown, what);
        await this.pause(what, thrown, attempt);
      }
    }
  }

  private async send<T>(send: Send<T>): Promise<T> {
    const limitMs = Math.min(requestTimeoutMs, Math.max(0, this.limits.answerBy - performance.now()));
    const signal = AbortSignal.any([this.signal, AbortSignal.timeout(Math.ceil(limitMs))]);
    return Promise.race([send(this.held.clients, signal), aborted(signal)]);
  }

  /** Waits before another attempt, as long as Azure says. @throws where there is none: too many, or no time for one. */
  private async pause(what: string, thrown: unknown, attempt: number): Promise<void> {
    const leftMs = this.limits.sendUntil - performance.now();
    if (leftMs <= 0) throw timeOverError(thrown, what);
    if (attempt >= passingAttempts) throw azureError(thrown, what);
    const asked = retryAfterMs(thrown);
    const first = Math.min(firstPauseMs, this.options.retryPauseMs);
    const pauseMs = asked ?? Math.min(longestPauseMs, first * 2 ** (attempt - 1));
    const when = asked === undefined ? "trying again" : `trying again in ${Math.ceil(pauseMs / 1_000)} s, as it asks`;
    this.report(`${what}: ${describeFailure(thrown)}; ${when}`);
    await delay(Math.min(pauseMs, leftMs, longestTimerMs), undefined, { signal: this.signal });
    if (pauseMs >= leftMs) throw timeOverError(thrown, what);
  }
}

/** Not every client listens to its signal. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
