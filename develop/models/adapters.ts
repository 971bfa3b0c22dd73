import { drizzle } from "./drizzle";
import type { LoadOptions, ModelSource } from "./models";
import { sqlFiles } from "./sql-files";

/** Produces DDL of models of one kind. It has no other duty: what the DDL is for is nothing it knows. */
export interface ModelAdapter {
  /** Prefix that names it: `drizzle:app/models.txt`. */
  readonly kind: string;
  /** What it reads, in a few words. */
  readonly about: string;
  /** Whether a path without prefix is one of its own. */
  readonly recognises: (path: string, isDirectory: boolean) => boolean;
  /**
   * @param paths all paths of this kind; they exist.
   * @throws usage (exit 2) saying what is wrong with them; the signal's reason.
   */
  readonly load: (paths: readonly string[], options: LoadOptions) => Promise<ModelSource[]>;
}

/** Every adapter there is; one for another ORM is a file and a line here. */
export const adapters: readonly ModelAdapter[] = [sqlFiles, drizzle];
