/** Milliseconds since some fixed moment; never runs backwards. Not `performance.now()`, which Node loads 12 modules for. */
export function monotonicMs(): number {
  return process.uptime() * 1_000;
}
