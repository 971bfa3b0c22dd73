import { execFileSync, type SpawnOptions, type StdioOptions, spawn, spawnSync } from "node:child_process";
import { ConfigurationError } from "../infra/errors";
import { exitCodes, SchemagateError } from "../migrator/errors";
import type { Context } from "./context";
import { projectDirectory, projectVersion } from "./project";
import { releaseImage, type Target } from "./target";

/** @param why what it is needed for: `--build builds the image with 'az acr build'` */
export function requireAzureCli(why: string): void {
  const { error } = spawnSync("az", ["version"], { stdio: "ignore", shell: process.platform === "win32" });
  if (error === undefined) return;
  throw new ConfigurationError(
    `az (not on PATH): ${why}. Install the Azure CLI (https://learn.microsoft.com/cli/azure/install-azure-cli)`,
  );
}

/** Builds the project's image in its registry: no Docker, and no login to the registry, are needed here. */
export async function buildImage(target: Target, { env }: Context, outputToStderr: boolean): Promise<void> {
  const image = releaseImage(target, undefined, env);
  const name = image.slice(image.indexOf("/") + 1);
  const buildArguments = { VERSION: projectVersion(), REVISION: gitRevision() };
  const args = [
    ...["acr", "build", "--registry", target.registry, "--image", name],
    ...Object.entries(buildArguments).flatMap(([key, value]) => ["--build-arg", `${key}=${value}`]),
    ".",
  ];
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    const options: SpawnOptions = {
      cwd: projectDirectory,
      stdio: ["ignore", outputToStderr ? process.stderr : "inherit", "inherit"],
      shell: process.platform === "win32",
    };
    const child = spawn("az", args, options);
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (exitCode === 0) return;
  throw new SchemagateError({
    code: "build-failed",
    message: `az acr build of ${image} failed with ${exitCode}`,
    hint: "What it printed above says why. Build and push the image by other means, then deploy with --image.",
    exitCode: exitCodes.deployFailed,
  });
}

/** What the image's label says of the code in it. */
function gitRevision(): string {
  try {
    const stdio: StdioOptions = ["ignore", "pipe", "ignore"];
    return execFileSync("git", ["rev-parse", "HEAD"], { cwd: projectDirectory, encoding: "utf8", stdio }).trim();
  } catch {
    return "unknown";
  }
}
