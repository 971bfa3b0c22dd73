// CDK Terrain's own installation: beside the project's, because nothing but `synth:cdktn` and its tests needs 270 MB of it.
import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join, relative } from "node:path";

export const cdktnDirectory = join(__dirname, "..", "cdktn");

const modules = join(cdktnDirectory, "node_modules");

/** Where each package that infra/ imports is found under CDK Terrain. */
export const cdktnPackages: Readonly<Record<string, string>> = {
  cdktf: join(modules, "cdktn"),
  constructs: join(modules, "constructs"),
  "@cdktf/provider-azurerm": join(modules, "@cdktn", "provider-azurerm"),
};

/** Installs what cdktn/package-lock.json names, unless it is there; what is said goes to standard error. */
export function installCdktn(): void {
  const installed = join(modules, ".package-lock.json");
  const lockfile = join(cdktnDirectory, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs) return;
  process.stderr.write(`CDK Terrain is installed once: npm ci --prefix ${relative(process.cwd(), cdktnDirectory)}\n`);
  execFileSync("npm", ["ci", "--prefix", cdktnDirectory, "--ignore-scripts", "--no-audit", "--no-fund"], {
    stdio: ["ignore", process.stderr, process.stderr],
    shell: process.platform === "win32",
  });
}
