import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * Installs what a directory's own package-lock.json names, unless it is there: for what only one command needs, and the
 * project's `npm ci` should not fetch. What is said goes to standard error.
 */
export function installBeside(directory: string): void {
  const installed = join(directory, "node_modules", ".package-lock.json");
  const lockfile = join(directory, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs) return;
  const flags = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
  process.stderr.write(`installed once, for this: npm ci --prefix ${relative(process.cwd(), directory)}\n`);
  execFileSync("npm", ["ci", "--prefix", directory, ...flags], {
    stdio: ["ignore", process.stderr, process.stderr],
    shell: process.platform === "win32",
  });
}
