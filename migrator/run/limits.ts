/** Limits of a run, where a migration does not set its own. */
export interface Limits {
  /** Longest wait for a lock of a table, in milliseconds; 0 waits for ever. */
  readonly lockTimeoutMs: number;
  /** Longest duration of a statement, in milliseconds; 0 is without end. */
  readonly statementTimeoutMs: number;
  /** How often a migration is tried again after a lock timeout, a deadlock or a serialization failure. */
  readonly retries: number;
}
