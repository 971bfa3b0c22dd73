import { drizzle } from "./drizzle";
import type { ModelAdapter } from "./model-adapter";
import { sqlFiles } from "./sql-files";

/** Every adapter there is; one for another ORM is a file and a line here. */
export const adapters: readonly ModelAdapter[] = [sqlFiles, drizzle];
