import { spawn, spawnSync } from "node:child_process";
import { ConfigurationError } from "../infra/errors";
import { type Ended, follow } from "./process-output";
import { projectDirectory } from "./project";

/** Installed by a package manager of Windows the Azure CLI is a batch file. */
const shell = process.platform === "win32";

/** @param why what it is needed for: `--build builds the image with 'az acr build'` */
export function requireAzureCli(why: string): void {
  if (spawnSync("az", ["version"], { stdio: "ignore", shell }).error === undefined) return;
  throw new ConfigurationError(
    `az (not on PATH): ${why}. Install the Azure CLI (https://learn.microsoft.com/cli/azure/install-azure-cli)`,
  );
}

/** Runs a command of the Azure CLI in the project's directory. @param print where its output goes while it runs */
export function runAzureCli(args: readonly string[], print: (text: string) => void = () => {}): Promise<Ended> {
  const child = spawn("az", args, { cwd: projectDirectory, stdio: ["ignore", "pipe", "pipe"], shell });
  return follow(child, print);
}
