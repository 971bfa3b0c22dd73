const waitMs = Symbol("schemagate.retryable");

/**
 * Marks an error as passing: another try may do better.
 *
 * @param atLeastMs how long the other side wants to be left alone.
 */
export function retryable<E extends Error>(error: E, atLeastMs = 0): E {
  return Object.defineProperty(error, waitMs, { value: atLeastMs });
}

/** How long to wait at least before another try, or nothing where the error is not marked. */
export function retryDelay(error: unknown): number | undefined {
  return (error as { [waitMs]?: number } | undefined)?.[waitMs];
}
