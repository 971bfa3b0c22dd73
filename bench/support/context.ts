import type { BenchServer } from "./postgres";
import type { Result } from "./result";

/** What a benchmark is given. */
export interface Context {
  readonly server: BenchServer;
  /** A directory of its own. */
  readonly dir: string;
  /** Node as the image has it. */
  readonly node: string;
  /** What the image carries: `dist`. */
  readonly app: string;
  /** Number of rounds, fewer when somebody is in a hurry. */
  readonly rounds: (usual: number) => number;
  readonly log: (line: string) => void;
}

/** A benchmark: one file each. */
export interface Benchmark {
  readonly name: string;
  readonly about: string;
  readonly run: (context: Context) => Promise<Result>;
}
