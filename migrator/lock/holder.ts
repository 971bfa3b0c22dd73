/** Who holds the migration lock, as the server knows it. */
export interface LockHolder {
  readonly pid: number;
  readonly applicationName: string;
  /** When its connection began. */
  readonly since: Date;
  /** What it is doing: `active`, `idle in transaction`, … */
  readonly state: string;
}

/** The holder in words: `schemagate/0.1.0 api-x7k (pid 4711, active, connected since …)`. */
export function describeHolder(holder: LockHolder | undefined): string {
  if (!holder) {
    return "a run that has just ended";
  }
  const { applicationName, pid, state, since } = holder;
  return `${applicationName || "an unnamed client"} (pid ${pid}, ${state}, connected since ${since.toISOString()})`;
}
