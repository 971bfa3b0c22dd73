import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { site } from "./paths";

/** Installs the site's own packages when they are missing or older than the lockfile, and says so. */
export function install(): void {
  const lockfile = join(site, "package-lock.json");
  const installed = join(site, "node_modules/.package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs) {
    return;
  }
  console.log("installing the site's packages (site/package-lock.json)");
  const flags = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", ["ci", "--prefix", site, ...flags], { stdio: "inherit" });
}
