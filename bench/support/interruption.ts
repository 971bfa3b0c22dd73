import { setImmediate } from "node:timers/promises";

let signalled: NodeJS.Signals | undefined;

/** From now on a signal ends the benchmarks at the next measurement, so that server and directories go with them. */
export function listenForSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      signalled = signal;
    });
  }
}

/** @throws Error after a signal. Measurements block the event loop: it gets its turn here. */
export async function throwIfInterrupted(): Promise<void> {
  await setImmediate();
  if (signalled) {
    throw new Error(`${signalled}: stopped`);
  }
}
