import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

/** No install script runs; what is said goes to standard error. */
const flags = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];

/**
 * Installs what a directory's own package-lock.json names, unless it is there: for what only one command needs, and the
 * project's `npm ci` should not fetch.
 */
export function installBeside(directory: string): void {
  const installed = join(directory, "node_modules", ".package-lock.json");
  const lockfile = join(directory, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs) return;
  npm("ci", directory, []);
}

/**
 * Installs one package of an exact version into a directory, unless it is there: for programs of this platform, which a
 * lockfile could not name for all platforms, because not each of them has one.
 *
 * @returns the package's directory
 */
export function installProgram(directory: string, name: string, version: string): string {
  const installed = join(directory, "node_modules", name);
  if (installedVersion(installed) !== version) {
    mkdirSync(directory, { recursive: true });
    // A package of its own, or npm would install into the project's.
    writeFileSync(join(directory, "package.json"), "{}\n");
    npm("install", directory, ["--no-save", "--no-package-lock", `${name}@${version}`]);
  }
  return installed;
}

function installedVersion(packageDirectory: string): string | undefined {
  const manifest = join(packageDirectory, "package.json");
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")).version : undefined;
}

function npm(command: string, directory: string, more: readonly string[]): void {
  const here = relative(process.cwd(), directory);
  process.stderr.write(`installed once, for this: npm ${[command, "--prefix", here, ...more].join(" ")}\n`);
  execFileSync("npm", [command, "--prefix", directory, ...more, ...flags], {
    stdio: ["ignore", process.stderr, process.stderr],
    shell: process.platform === "win32",
  });
}
