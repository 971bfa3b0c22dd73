import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Where the benchmarks' own packages are. */
export const modules = join(__dirname, "../node_modules");

/** Path of a file in one of them. */
export const inModules = (...parts: string[]): string => join(modules, ...parts);

/** Version of one of them. */
export function installedVersion(name: string): { readonly version: string } {
  return { version: JSON.parse(readFileSync(inModules(name, "package.json"), "utf8")).version };
}

/** A program of ours that runs a tool as its documentation says. */
export const programOf = (name: string): string => join(__dirname, "programs", `${name}.cjs`);
