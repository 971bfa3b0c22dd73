/** Whether a finding fails the command by itself; warnings do with `--strict` only. */
export type Level = "error" | "warning";

/** A way in which a migration hurts a database under traffic. */
export interface Rule {
  readonly level: Level;
  /** What it finds, in a few words. */
  readonly about: string;
  /** What happens if it is run all the same. */
  readonly why: string;
  /** What to do instead. */
  readonly instead: string;
}
