import type { BenchMigration } from "../support/sets";

/** How a tool is started. */
export interface Start {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Another tool that applies migrations. */
export interface Peer {
  readonly name: string;
  /** Version, or why it cannot take part here. */
  readonly find: () => { readonly version: string } | { readonly absent: string };
  /** Writes migrations as the tool wants them. @returns how to apply all pending ones to a database. */
  readonly prepare: (dir: string, migrations: readonly BenchMigration[], node: string) => (url: string) => Start;
}

/** Name of a tool as part of a file's or a database's name. */
export function slugOf({ name }: Pick<Peer, "name">): string {
  return name.toLowerCase().replace(/\W+/g, "_");
}
