import type { Command } from "commander";
import { ConfigurationError } from "../../infra/errors";
import { type StackId, stackIds } from "../../infra/naming";
import { buildImage, requireAzureCli } from "../build-image";
import { cdktfFor, type RunCdktf, requireStacks, requireTerraform } from "../cdktf";
import { type Context, openAzure } from "../context";
import type { Tell } from "../events";
import { readTarget, releaseImage, type Target } from "../target";
import { runGate } from "./gate";
import { runJobOf } from "./job";
import { addGateOptions, type GateFlags, imageOption } from "./options";

interface Flags extends GateFlags {
  readonly image?: string;
  readonly autoApprove?: boolean;
  readonly build?: boolean;
  readonly redeploy?: boolean;
  /** False with --skip-bootstrap or --skip-gate. */
  readonly skipBootstrap?: boolean;
  readonly skipGate?: boolean;
}

export function addDeploy(program: Command, context: Context, end: (exitCode: number) => void): void {
  const command = program
    .command("deploy")
    .description("deploy platform, jobs and app, prepare the database's roles in between, and pass the gate")
    .argument("[environment]", "one of infra/settings/*.ts")
    .argument("[stacks...]", `of ${stackIds.join(", ")}; all when left out`)
    .addOption(imageOption())
    .option("--auto-approve", "do not ask before a stack is changed")
    .option("--build", "build the image in the registry first (az acr build), once the platform is there")
    .option("--redeploy", "make a new revision even of the image that is deployed already")
    .option("--skip-bootstrap", "do not run the bootstrap job behind the stack 'jobs'")
    .option("--skip-gate", "do not wait for the revision behind the stack 'app'");
  addGateOptions(command).action(async (environment: string | undefined, stacks: string[], flags: Flags) => {
    const target = readTarget(environment);
    const chosen = requireStacks(stacks);
    requireTerraform();
    if (flags.build) requireBuildable(flags);
    end(await deploy(target, chosen, flags, context));
  });
}

function requireBuildable({ image }: Flags): void {
  requireAzureCli("--build builds the image with 'az acr build'");
  if (image === undefined) return;
  throw new ConfigurationError(
    `--build and --image (${image}) are both given: an image that is built here has the settings' name. Remove one, or name ` +
      "the tag in SCHEMAGATE_IMAGE_TAG",
  );
}

/** One stack after the other, each with what has to be true before the next one. */
async function deploy(target: Target, stacks: readonly StackId[], flags: Flags, context: Context): Promise<number> {
  const tell = context.teller(flags.json ?? false);
  if (asksAzure(stacks, flags)) {
    const { azure } = await openAzure(target, context, tell, flags.pollInterval * 1_000);
    await azure.signIn();
  }
  const redeployToken = flags.redeploy ? new Date().toISOString() : undefined;
  const { environment } = target;
  const run = cdktfFor({ environment, image: flags.image, redeployToken, outputToStderr: flags.json });
  const apply = applier(run, flags, context.extra);

  if (stacks.includes("platform")) await step("platform", tell, () => apply("platform"));
  if (flags.build) await step("image", tell, () => buildImage(target, context, flags.json ?? false));
  if (stacks.includes("jobs")) {
    await step("jobs", tell, () => apply("jobs"));
    if (!flags.skipBootstrap) {
      const job = { name: target.bootstrapJob, arguments: [], linesMatter: false };
      const { exitCode } = await step("database roles", tell, () =>
        runJobOf(target, job, { ...flags, timeout: undefined }, context, tell),
      );
      if (exitCode !== 0) return exitCode;
    }
  }
  if (!stacks.includes("app")) return 0;
  await step("app", tell, () => apply("app"));
  if (flags.skipGate) return 0;
  const image = releaseImage(target, flags.image, context.env);
  const { exitCode } = await step("gate", tell, () => runGate(target, { image, redeployToken }, flags, context, tell));
  return exitCode;
}

/** Whether anything but Terraform talks to Azure. */
function asksAzure(stacks: readonly StackId[], { skipBootstrap, skipGate }: Flags): boolean {
  return (stacks.includes("jobs") && !skipBootstrap) || (stacks.includes("app") && !skipGate);
}

/** Deploys single stacks, synthesizing with the first. cdktf asks to be told when not all stacks are named at once. */
function applier(run: RunCdktf, { autoApprove }: Flags, extra: readonly string[]): (stack: StackId) => Promise<void> {
  let skipSynth: readonly string[] = [];
  return async (stack) => {
    const approve = autoApprove ? ["--auto-approve"] : [];
    await run(["deploy", stack, "--ignore-missing-stack-dependencies", ...skipSynth, ...approve, ...extra]);
    skipSynth = ["--skip-synth"];
  };
}

async function step<T>(name: string, tell: Tell, body: () => Promise<T>): Promise<T> {
  tell({ event: "step", step: name });
  return body();
}
