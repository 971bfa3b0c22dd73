/** Who holds the migration lock, as the server knows it. */
export interface LockHolder {
  readonly pid: number;
  readonly applicationName: string;
  /** When its connection began; only its own role and members of pg_read_all_stats may know. */
  readonly since?: Date;
  /** What it is doing: `active`, `idle in transaction`, … */
  readonly state: string;
}

/** The holder in words: `schemagate/0.1.0 api-x7k (pid 4711, active, connected since …)`. */
export function describeHolder(holder: LockHolder | undefined): string {
  if (!holder) {
    return "a run that has just ended";
  }
  const { applicationName, pid, state, since } = holder;
  const connected = since ? `, connected since ${since.toISOString()}` : "";
  return `${applicationName || "an unnamed client"} (pid ${pid}, ${state}${connected})`;
}
