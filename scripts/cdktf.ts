import { spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { Command, CommanderError } from "commander";
import { requireEnvironment } from "../infra/environments";
import { ConfigurationError } from "../infra/errors";
import { stackIds } from "../infra/naming";

/** A usage error, as everywhere in schemagate. */
const usageExitCode = 2;

const projectDirectory = dirname(__dirname);

interface Options {
  readonly image?: string;
}

/** Runs the cdktf command line for one environment; resolves to its exit code. */
type Run = (cdktfArguments: readonly string[]) => Promise<number>;

async function main(argv: readonly string[]): Promise<number> {
  // What follows the first `--` is cdktf's own business.
  const end = argv.indexOf("--");
  const own = end < 0 ? argv : argv.slice(0, end);
  const extra = end < 0 ? [] : argv.slice(end + 1);

  let exitCode = 0;
  const verb = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .argument("[environment]", "one of infra/settings/*.ts")
      .option("--image <reference>", "image of this release, with a version or a digest (SCHEMAGATE_IMAGE)");
  const program = new Command("cdktf.ts").exitOverride();

  verb("synth", "write the stacks to cdktf.out").action(async (environment: string | undefined, options: Options) => {
    exitCode = await cdktfFor(environment, options)(["synth", ...extra]);
  });
  verb("diff", "show what a deploy would change, stack by stack")
    .argument("[stacks...]", `of ${stackIds.join(", ")}; all when left out`)
    .action(async (environment: string | undefined, stacks: string[], options: Options) => {
      const run = cdktfFor(environment, options);
      requireStacks(stacks);
      requireTerraform();
      exitCode = await diff(run, stacks.length > 0 ? stacks : stackIds, extra);
    });
  verb("deploy", "deploy the stacks in the order of their dependencies")
    .argument("[stacks...]", `of ${stackIds.join(", ")}; all when left out`)
    .action(async (environment: string | undefined, stacks: string[], options: Options) => {
      const run = cdktfFor(environment, options);
      requireStacks(stacks);
      requireTerraform();
      exitCode = await run(["deploy", ...deployTargets(stacks), ...extra]);
    });

  await program.parseAsync(own, { from: "user" });
  return exitCode;
}

/**
 * Who names the app alone deploys a release on the platform as it stands, which cdktf asks to be told. What the app would
 * miss there, Terraform reports: an output that the platform's state does not have yet.
 */
function deployTargets(stacks: readonly string[]): readonly string[] {
  return stacks.length > 0 ? [...stacks, "--ignore-missing-stack-dependencies"] : ["*"];
}

/** `cdktf diff` takes one stack at a time: synthesize with the first, stop at the first that fails. */
async function diff(run: Run, stacks: readonly string[], extra: readonly string[]): Promise<number> {
  let skipSynth: readonly string[] = [];
  for (const stack of stacks) {
    const exitCode = await run(["diff", stack, ...skipSynth, ...extra]);
    if (exitCode !== 0) return exitCode;
    skipSynth = ["--skip-synth"];
  }
  return 0;
}

function cdktfFor(name: string | undefined, { image }: Options): Run {
  const environment = requireEnvironment(name, "environment");
  const manifest = require.resolve("cdktf-cli/package.json");
  const { bin }: { bin: { cdktf: string } } = require(manifest);
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
  const prefix = ["--require", join(__dirname, "node-pty-fallback.cjs"), join(dirname(manifest), bin.cdktf)];
  return (cdktfArguments) => runNode([...prefix, ...cdktfArguments], variables);
}

function runNode(nodeArguments: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, nodeArguments, { cwd: projectDirectory, env, stdio: "inherit" });
    // Ctrl-C reaches the whole process group: stay until cdktf has stopped Terraform, or a state lock is left behind.
    process.on("SIGINT", () => {});
    process.on("SIGTERM", () => child.kill("SIGTERM"));
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}

function requireStacks(stacks: readonly string[]): void {
  const known: readonly string[] = stackIds;
  const unknown = stacks.filter((stack) => !known.includes(stack));
  if (unknown.length === 0) return;
  throw new ConfigurationError(
    `stack (${unknown.join(", ")}): there is no such stack. Name some of ${known.join(", ")}, or none for all; ` +
      "options for cdktf itself go behind '--'",
  );
}

function requireTerraform(): void {
  // The variable is cdktf's own.
  const binary = process.env.TERRAFORM_BINARY_NAME || "terraform";
  const { error } = spawnSync(binary, ["version"], { stdio: "ignore" });
  if (error === undefined) return;
  throw new ConfigurationError(
    `${binary} (not on PATH): 'cdktf diff' and 'cdktf deploy' do their work with it. Install Terraform 1.2 or later ` +
      "(https://developer.hashicorp.com/terraform/install), or name another program in TERRAFORM_BINARY_NAME",
  );
}

main(process.argv.slice(2)).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    if (error instanceof CommanderError) {
      // Commander has printed it already; asking for help is no error.
      process.exitCode = error.exitCode === 0 ? 0 : usageExitCode;
      return;
    }
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = usageExitCode;
  },
);
