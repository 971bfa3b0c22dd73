import { spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { ConfigurationError } from "../infra/errors";
import { type StackId, stackIds } from "../infra/naming";
import { exitCodes, SchemagateError } from "../migrator/errors";
import { projectDirectory } from "./project";

export interface CdktfOptions {
  readonly environment: string;
  /** Image of this release. @default - what settings and variables say */
  readonly image?: string;
  /** Makes a new revision of the same image. @default - none */
  readonly redeployToken?: string;
  /** Keep standard output for machines: what cdktf prints goes to standard error. @default false */
  readonly outputToStderr?: boolean;
}

/** Runs the cdktf command line for one environment. @throws SchemagateError exit 9 when it fails. */
export type RunCdktf = (cdktfArguments: readonly string[]) => Promise<void>;

/** The cdktf command line, set up for one environment. */
export function cdktfFor(options: CdktfOptions): RunCdktf {
  const manifest = findCommandLine();
  const { bin }: { bin: { cdktf: string } } = require(manifest);
  const prefix = ["--require", join(__dirname, "node-pty-fallback.cjs"), join(dirname(manifest), bin.cdktf)];
  const env = environmentFor(options);
  return async (cdktfArguments) => {
    const exitCode = await runNode([...prefix, ...cdktfArguments], env, options.outputToStderr ?? false);
    if (exitCode !== 0) throw failed(cdktfArguments, exitCode);
  };
}

function findCommandLine(): string {
  try {
    return require.resolve("cdktf-cli/package.json", { paths: [projectDirectory, __dirname] });
  } catch {
    throw new ConfigurationError(
      `cdktf-cli (not installed in ${projectDirectory}): it writes and deploys the stacks. Run ` +
        "'npm install --save-dev --save-exact cdktf-cli@0.21.0'",
    );
  }
}

function environmentFor({ environment, image, redeployToken }: CdktfOptions): NodeJS.ProcessEnv {
  const variables: NodeJS.ProcessEnv = {
    ...process.env,
    SCHEMAGATE_ENVIRONMENT: environment,
    // cdktf's and Terraform's look for newer versions of themselves, a call to the network on every run.
    CHECKPOINT_DISABLE: "1",
    // Terraform remembers a stack's backend there. All environments are written to the same cdktf.out, and with one memory
    // for all it would offer to copy one environment's state over another's.
    TF_DATA_DIR: process.env.TF_DATA_DIR || `.terraform-${environment}`,
    // Without a terminal its spinner would write a line per frame; this makes it write the last one only.
    ...(process.stdout.isTTY ? {} : { CI: process.env.CI || "1" }),
  };
  if (image !== undefined) {
    variables.SCHEMAGATE_IMAGE = image;
    delete variables.SCHEMAGATE_IMAGE_TAG;
  }
  if (redeployToken !== undefined) variables.SCHEMAGATE_REDEPLOY = redeployToken;
  return variables;
}

function runNode(nodeArguments: readonly string[], env: NodeJS.ProcessEnv, toStderr: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, nodeArguments, {
      cwd: projectDirectory,
      env,
      stdio: ["inherit", toStderr ? process.stderr : "inherit", "inherit"],
    });
    // Ctrl-C reaches the whole process group: stay until cdktf has stopped Terraform, or a state lock is left behind.
    const interrupt = () => {};
    const terminate = () => child.kill("SIGTERM");
    process.on("SIGINT", interrupt);
    process.on("SIGTERM", terminate);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", terminate);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

function failed([verb, ...rest]: readonly string[], exitCode: number): SchemagateError {
  const stacks = rest.filter((argument) => (stackIds as readonly string[]).includes(argument));
  const signal =
    exitCode > 128 ? [exitCodes.interrupted, exitCodes.terminated].find((code) => code === exitCode) : undefined;
  return new SchemagateError({
    code: "cdktf-failed",
    message: `cdktf ${[verb, ...stacks].join(" ")} failed with ${exitCode}`,
    hint:
      "What it printed above says why. What was applied stays and is in the state: mend it and run the same command again. " +
      "docs/runbook.md has what Terraform cannot mend by itself.",
    exitCode: signal ?? exitCodes.deployFailed,
  });
}

/** `cdktf diff` takes one stack at a time: synthesize with the first, stop at the first that fails. */
export async function diffStacks(run: RunCdktf, stacks: readonly string[], extra: readonly string[]): Promise<void> {
  for (const [index, stack] of stacks.entries()) {
    await run(["diff", stack, ...(index > 0 ? ["--skip-synth"] : []), ...extra]);
  }
}

/** Checks names from the command line. @returns the stacks in the order in which they are deployed; all when none is named */
export function requireStacks(stacks: readonly string[]): readonly StackId[] {
  const known: readonly string[] = stackIds;
  const unknown = stacks.filter((stack) => !known.includes(stack));
  if (unknown.length === 0) return stacks.length === 0 ? stackIds : stackIds.filter((stack) => stacks.includes(stack));
  throw new ConfigurationError(
    `stack (${unknown.join(", ")}): there is no such stack. Name some of ${known.join(", ")}, or none for all; ` +
      "options for cdktf itself go behind '--'",
  );
}

export function requireTerraform(): void {
  // The variable is cdktf's own.
  const binary = process.env.TERRAFORM_BINARY_NAME || "terraform";
  const { error } = spawnSync(binary, ["version"], { stdio: "ignore" });
  if (error === undefined) return;
  throw new ConfigurationError(
    `${binary} (not on PATH): 'cdktf diff' and 'cdktf deploy' do their work with it. Install Terraform 1.2 or later ` +
      "(https://developer.hashicorp.com/terraform/install), or name another program in TERRAFORM_BINARY_NAME",
  );
}
