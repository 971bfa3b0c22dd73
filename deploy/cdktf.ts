import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { ConfigurationError, usageExitCode } from "../infra/errors";
import { type StackId, stackIds } from "../infra/naming";
import { exitCodes, SchemagateError } from "../migrator/errors";
import { type Ended, follow } from "./process-output";
import { projectDirectory } from "./project";
import { hintFor, needsPlatform } from "./terraform/failures";
import { Terraform } from "./terraform/terraform";
import type { StackConfiguration } from "./terraform/without-effect";

export interface CdktfOptions {
  readonly environment: string;
  /** Image of this release. @default - what settings and variables say */
  readonly image?: string;
  /** Makes a new revision of the same image. @default - none */
  readonly redeployToken?: string;
  /** Write the stacks without what keeps them from being destroyed. @default false */
  readonly unprotected?: boolean;
  /** Arguments of the user's own for cdktf: `--output`, `--skip-provider-lock`, … @default - none */
  readonly extra?: readonly string[];
  /** Keep standard output for machines: what cdktf prints goes to standard error. @default false */
  readonly outputToStderr?: boolean;
}

/** The cdktf command line, set up for one release to one environment. */
export class Cdktf {
  private readonly prefix: readonly string[];
  private readonly env: NodeJS.ProcessEnv;
  private readonly extra: readonly string[];
  private readonly print: (text: string) => void;

  constructor(options: CdktfOptions) {
    const manifest = findCommandLine();
    const { bin }: { bin: { cdktf: string } } = require(manifest);
    this.prefix = ["--require", join(__dirname, "node-pty-fallback.cjs"), join(dirname(manifest), bin.cdktf)];
    this.env = environmentFor(options);
    this.extra = options.extra ?? [];
    const stream = options.outputToStderr ? process.stderr : process.stdout;
    this.print = (text) => void stream.write(text);
  }

  /**
   * Writes the stacks.
   *
   * @param extra arguments beside it.
   * @throws ConfigurationError when settings and props cannot be put together.
   * @throws SchemagateError exit 9 when something else fails.
   */
  async synth(extra: readonly string[] = forSynth(this.extra)): Promise<void> {
    const ended = await this.run(["synth", ...extra], () => {});
    if (ended.exitCode === 0) return this.print(ended.stdout);
    const said = readAppError(ended.output);
    if (said?.exitCode === usageExitCode) throw new ConfigurationError(said.text);
    throw new SchemagateError({
      code: "synth-failed",
      message: `the stacks cannot be written: ${said?.text ?? ended.output.trim()}`,
      hint: "Nothing was changed. What it names is in infra/, or in what that imports.",
      exitCode: signalCode(ended) ?? exitCodes.deployFailed,
    });
  }

  /**
   * Plans a stack that was written, and leaves the plan in its directory.
   *
   * @param destroy plan to take everything away.
   * @throws SchemagateError exit 9 when it fails.
   */
  async plan(stack: StackId, { destroy = false } = {}): Promise<void> {
    const variables = destroy ? { TF_CLI_ARGS_plan: `-destroy ${this.env.TF_CLI_ARGS_plan ?? ""}`.trim() } : {};
    const ended = await this.run(["diff", stack, "--skip-synth", ...this.extra], this.print, variables);
    if (ended.exitCode !== 0) throw cdktfFailed(`cdktf diff ${stack}`, ended);
  }

  /** Terraform in a stack's directory. */
  terraform(stack: StackId): Terraform {
    return new Terraform(this.directoryOf(stack), this.env, this.print);
  }

  /** @returns a stack as it was written. */
  configurationOf(stack: StackId): StackConfiguration {
    return JSON.parse(readFileSync(join(this.directoryOf(stack), "cdk.tf.json"), "utf8"));
  }

  private directoryOf(stack: StackId): string {
    return resolve(projectDirectory, findOption(this.extra, outputOption) ?? configuredOutput(), "stacks", stack);
  }

  private run(args: readonly string[], print: (text: string) => void, variables = {}): Promise<Ended> {
    const child = spawn(process.execPath, [...this.prefix, ...args], {
      cwd: projectDirectory,
      env: { ...this.env, ...variables },
      // No answer is read from a terminal: what is asked, is asked here.
      stdio: ["ignore", "pipe", "pipe"],
    });
    return follow(child, print);
  }
}

const outputOption = ["--output", "-o"];
const appOption = ["--app", "-a"];

/** The arguments that say where the stacks come from and go to; `cdktf synth` knows no others of a plan's. */
function forSynth(extra: readonly string[]): string[] {
  return [outputOption, appOption].flatMap((names) => {
    const value = findOption(extra, names);
    return value === undefined ? [] : [names[0] ?? "", value];
  });
}

function findOption(args: readonly string[], names: readonly string[]): string | undefined {
  for (const [place, argument] of args.entries()) {
    if (names.includes(argument)) return args[place + 1];
    const name = names.find((each) => argument.startsWith(`${each}=`));
    if (name !== undefined) return argument.slice(name.length + 1);
  }
  return undefined;
}

function configuredOutput(): string {
  try {
    const { output }: { output?: string } = JSON.parse(readFileSync(join(projectDirectory, "cdktf.json"), "utf8"));
    return output ?? "cdktf.out";
  } catch {
    return "cdktf.out";
  }
}

/** What infra/main.ts ended with and said, of all that cdktf prints then. */
function readAppError(output: string): { readonly exitCode: number; readonly text: string } | undefined {
  const text = `${stripVTControlCharacters(output)}\n\n\n`;
  const [, code, said] =
    /non-zero exit code (\d+)\n[\s\S]*?Command output on stderr:\n\n([\s\S]*?)\n\n\n/.exec(text) ?? [];
  return said === undefined ? undefined : { exitCode: Number(code), text: said.replaceAll(/^ {4}/gm, "").trim() };
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

function environmentFor({ environment, image, redeployToken, unprotected }: CdktfOptions): NodeJS.ProcessEnv {
  const variables: NodeJS.ProcessEnv = {
    ...process.env,
    SCHEMAGATE_ENVIRONMENT: environment,
    // cdktf's and Terraform's look for newer versions of themselves, a call to the network on every run.
    CHECKPOINT_DISABLE: "1",
    // Terraform remembers a stack's backend there. All environments are written to the same cdktf.out, and with one memory
    // for all it would offer to copy one environment's state over another's.
    TF_DATA_DIR: process.env.TF_DATA_DIR || `.terraform-${environment}`,
    // Without a terminal its spinner would write a line per frame; this makes it write the last one only.
    CI: process.env.CI || "1",
  };
  if (image !== undefined) {
    variables.SCHEMAGATE_IMAGE = image;
    delete variables.SCHEMAGATE_IMAGE_TAG;
  }
  if (unprotected) variables.SCHEMAGATE_UNPROTECTED = environment;
  if (redeployToken !== undefined) variables.SCHEMAGATE_REDEPLOY = redeployToken;
  return variables;
}

/** @param command what ran: `cdktf diff platform`, `terraform apply of platform` */
export function cdktfFailed(command: string, ended: Ended): SchemagateError {
  const { exitCode, output } = ended;
  return new SchemagateError({
    code: needsPlatform(output) ? "platform-missing" : "cdktf-failed",
    message: `${command} failed with ${exitCode}`,
    hint: hintFor(output),
    exitCode: signalCode(ended) ?? exitCodes.deployFailed,
  });
}

function signalCode({ exitCode }: Ended) {
  return [exitCodes.interrupted, exitCodes.terminated].find((code) => code === exitCode);
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
