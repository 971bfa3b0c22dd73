import type { Client, Notification } from "pg";

/** Hears on a connection that the lock was given back. */
export interface ReleaseListener {
  /**
   * Waits until the lock was given back since the last wait, or until the time is over.
   *
   * @throws the signal's reason when the run is interrupted meanwhile.
   */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly close: () => void;
}

/** The channel on which the holder of a lock says that it gave it back. */
export function releaseChannel(key: bigint): string {
  return `schemagate_${BigInt.asUintN(64, key).toString(16)}`;
}

/** Begins to hear; what the server sends is up to LISTEN. A session that listens is idle and holds no snapshot. */
export function listenForRelease(client: Client, channel: string): ReleaseListener {
  let isReleased = false;
  let wake = () => {};
  const hear = (notification: Notification) => {
    if (notification.channel === channel) {
      isReleased = true;
      wake();
    }
  };
  client.on("notification", hear);
  return {
    wait: async (ms, signal) => {
      if (!isReleased && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = () => {
            clearTimeout(timer);
            signal.removeEventListener("abort", wake);
            resolve();
          };
          const timer = setTimeout(wake, ms);
          signal.addEventListener("abort", wake);
        });
      }
      isReleased = false;
      signal.throwIfAborted();
    },
    close: () => void client.off("notification", hear),
  };
}
