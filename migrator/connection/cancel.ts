import type { Client } from "pg";
import type { ConnectionConfig } from "./config";
import { answerWithin, close, cut, openConnection } from "./connect";

/** How often a cancel is repeated: a migration in code may start the next statement after the first was cancelled. */
const repeatMs = 500;
/** After this long the connection is cut; the server then ends the statement by itself. */
const giveUpMs = 10_000;

/**
 * Runs a body of statements on a connection; when the run is interrupted meanwhile, cancels them on the server until
 * the body has ended. Without that, the statement and its locks would outlive this process (INV-9).
 *
 * @param cancelBackend cancels the current statement of a server process, from another connection.
 */
export async function withCancellation<T>(
  client: Client,
  backendPid: number,
  signal: AbortSignal,
  cancelBackend: (pid: number) => Promise<void>,
  body: () => Promise<T>,
): Promise<T> {
  let ended = false;
  let cancelling: Promise<void> = Promise.resolve();
  const cancel = () => {
    cancelling = cancelUntil(() => ended, client, backendPid, cancelBackend);
  };
  signal.addEventListener("abort", cancel, { once: true });
  try {
    return await body();
  } finally {
    ended = true;
    signal.removeEventListener("abort", cancel);
    // A cancel still on its way must not hit the ROLLBACK that follows.
    await cancelling;
  }
}

async function cancelUntil(
  hasEnded: () => boolean,
  client: Client,
  backendPid: number,
  cancelBackend: (pid: number) => Promise<void>,
): Promise<void> {
  const start = performance.now();
  while (!hasEnded() && performance.now() - start < giveUpMs) {
    // No connection to cancel from is no reason to stop trying; the deadline is.
    await cancelBackend(backendPid).catch(() => undefined);
    await waitUnless(hasEnded, repeatMs);
  }
  if (!hasEnded()) {
    cut(client);
  }
}

async function waitUnless(hasEnded: () => boolean, ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (!hasEnded() && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Longest wait for each answer on the way to a cancel; the next one is tried soon after. */
const connectMs = 2_000;

/** Cancels the current statement of a server process, from a connection of its own. */
export async function cancelBackend(config: ConnectionConfig, pid: number): Promise<void> {
  const client = await openConnection(config, connectMs);
  try {
    await answerWithin(client, connectMs, client.query("SELECT pg_cancel_backend($1)", [pid]));
  } finally {
    await close(client);
  }
}
