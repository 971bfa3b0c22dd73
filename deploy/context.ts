import type { Tell } from "./events";
import { findSubscription, type Target } from "./target";

/** What every command gets of the process around it. */
export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Arguments behind the first `--`: cdktf's own business. */
  readonly extra: readonly string[];
  /** Where events go, in words or as JSON lines. */
  readonly teller: (json: boolean) => Tell;
  /** Asks a person, and gets what is typed; undefined without a terminal. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /** Prints a result as it is. */
  readonly print: (text: string) => void;
}

/** Connects to an environment's subscription. Azure's clients are loaded only here: most of a start would go to them. */
export async function openAzure(target: Target, { env, signal }: Context, tell: Tell, retryPauseMs: number) {
  const subscriptionId = findSubscription(target, env);
  const { Azure } = await import("./azure/azure");
  const azure = new Azure({
    subscriptionId,
    endpoints: {
      resourceManager: env.SCHEMAGATE_ARM_ENDPOINT || undefined,
      logs: env.SCHEMAGATE_LOGS_ENDPOINT || undefined,
    },
    signal,
    onRetry: (why: string) => tell({ event: "azure-retry", why }),
    retryPauseMs,
  });
  return { azure, subscriptionId };
}
