import type { Command } from "commander";
import { ConfigurationError } from "../../infra/errors";
import { type StackId, stackIds } from "../../infra/naming";
import { SchemagateError } from "../../migrator/errors";
import { requireApprover } from "../approval";
import { requireAzureCli } from "../azure-cli";
import { Cdktf, type CdktfOptions, requireStacks, requireTerraform } from "../cdktf";
import { type Context, openAzure } from "../context";
import type { Tell } from "../events";
import { buildImage } from "../release/build-image";
import { byDigest, requireDigest } from "../release/image";
import { pinImage } from "../release/pin";
import { findPrevious } from "../release/previous";
import { readTarget, releaseImage, type Target } from "../target";
import { type ApplyOptions, applyStack } from "../terraform/apply";
import { changesTemplate, type Plan } from "../terraform/plan";
import { runGate } from "./gate";
import { runJobOf } from "./job";
import { type ApplyFlags, addApplyOptions, addGateOptions, type GateFlags, imageOption } from "./options";

interface Flags extends GateFlags, ApplyFlags {
  readonly image?: string;
  readonly to?: string;
  readonly build?: boolean;
  readonly redeploy?: boolean;
  readonly import?: boolean;
  readonly skipBootstrap?: boolean;
  readonly skipGate?: boolean;
}

export function addDeploy(program: Command, context: Context, end: (exitCode: number) => void): void {
  const command = program
    .command("deploy")
    .description("deploy platform, jobs and app, prepare the database's roles in between, and pass the gate")
    .argument("[environment]", "one of infra/settings/*.ts")
    .argument("[stacks...]", `of ${stackIds.join(", ")}; all when left out, with --to jobs and app`)
    .addOption(imageOption())
    .option("--build", "build the image in the registry first (az acr build), once the platform is there")
    .option("--to <release>", "go back: 'previous', or the digest of an image in the platform's registry")
    .option("--redeploy", "make a new revision even of the image that is deployed already")
    .option("--import", "take into the state what Azure has already, after a deployment that was cut off")
    .option("--skip-bootstrap", "do not run the bootstrap job behind the stack 'jobs'")
    .option("--skip-gate", "do not wait for the revision behind the stack 'app'");
  addGateOptions(addApplyOptions(command)).action(
    async (environment: string | undefined, names: string[], flags: Flags) => {
      const target = readTarget(environment);
      const stacks = requireStacks(names.length === 0 && flags.to !== undefined ? ["jobs", "app"] : names);
      requireTerraform();
      requireOneRelease(flags, context);
      requireApprover(flags.autoApprove, context);
      end(await deploy(target, stacks, flags, context));
    },
  );
}

function requireOneRelease({ image, build, to }: Flags, { env }: Context): void {
  if (build) requireAzureCli("--build builds the image with 'az acr build'");
  if (to !== undefined && to !== "previous") requireDigest(to);
  const given = [
    build ? "--build" : undefined,
    image === undefined ? undefined : `--image (${image})`,
    to === undefined ? undefined : `--to (${to})`,
    build && env.SCHEMAGATE_IMAGE ? `SCHEMAGATE_IMAGE (${env.SCHEMAGATE_IMAGE})` : undefined,
  ].filter((each) => each !== undefined);
  if (given.length < 2) return;
  throw new ConfigurationError(
    `${given.join(" and ")} are both given: each says which image is deployed. Name one; the tag of an image that is built ` +
      "here is SCHEMAGATE_IMAGE_TAG",
  );
}

/** One stack after the other, each with what has to be true before the next one. */
async function deploy(target: Target, stacks: readonly StackId[], flags: Flags, context: Context): Promise<number> {
  const { environment } = target;
  const tell = context.teller(flags.json ?? false);
  if (asksAzure(stacks, flags)) await (await azureOf(target, flags, context, tell)).signIn();
  const redeployToken = flags.redeploy ? new Date().toISOString() : undefined;
  const asked = await findAsked(target, flags, context, tell);
  const write = (image: string | undefined) => writeStacks({ environment, image, redeployToken }, flags, context, tell);

  if (stacks.includes("platform")) {
    // Before the registry is there, an image has no digest; this stack needs none.
    const options = await write(asked);
    await step("platform", tell, () => applyStack("platform", options));
  }
  const isPlatformAlone = stacks.join() === "platform";
  if (isPlatformAlone && !flags.build) return 0;
  const image = await findRelease(target, asked, flags, context, tell);
  if (isPlatformAlone) return 0;
  const options = await write(image);
  if (stacks.includes("jobs")) {
    await step("jobs", tell, () => applyStack("jobs", options));
    if (!flags.skipBootstrap) {
      const job = { name: target.bootstrapJob, arguments: [], linesMatter: false };
      const { exitCode } = await step("database roles", tell, () =>
        runJobOf(target, job, { ...flags, timeout: undefined }, context, tell),
      );
      if (exitCode !== 0) return exitCode;
    }
  }
  if (!stacks.includes("app")) return 0;
  let follows: string | undefined;
  const beforeApply = async (plan: Plan) => {
    if (!flags.skipGate && changesTemplate(plan)) follows = await findNewest(target, flags, context, tell);
  };
  await step("app", tell, () => applyStack("app", { ...options, beforeApply }));
  if (flags.skipGate) return 0;
  const { exitCode } = await step("gate", tell, () =>
    runGate(target, { images: [image], redeployToken, follows }, flags, context, tell),
  );
  return exitCode;
}

/** Writes the stacks of a release. @returns how to apply them */
async function writeStacks(
  release: Pick<CdktfOptions, "environment" | "image" | "redeployToken">,
  { autoApprove, allowReplace, import: mayImport, json }: Flags,
  context: Context,
  tell: Tell,
): Promise<ApplyOptions> {
  const cdktf = new Cdktf({ ...release, extra: context.extra, outputToStderr: json });
  await cdktf.synth();
  return { cdktf, context, tell, autoApprove, allowReplace, import: mayImport };
}

/** Whether anything but Terraform talks to Azure. */
function asksAzure(stacks: readonly StackId[], { skipBootstrap, skipGate, to }: Flags): boolean {
  return to === "previous" || (stacks.includes("jobs") && !skipBootstrap) || (stacks.includes("app") && !skipGate);
}

async function azureOf(target: Target, { pollInterval }: Flags, context: Context, tell: Tell) {
  return (await openAzure(target, context, tell, pollInterval * 1_000)).azure;
}

/** @returns the app's newest revision; undefined before there is an app */
async function findNewest(target: Target, flags: Flags, context: Context, tell: Tell): Promise<string | undefined> {
  const { readApp } = await import("../azure/read-app");
  try {
    return (await readApp(await azureOf(target, flags, context, tell), target)).latestRevision;
  } catch (thrown) {
    if (thrown instanceof SchemagateError && thrown.code === "azure-not-found") return undefined;
    throw thrown;
  }
}

/** The image that the command line names; undefined for the one that variables, settings and package name. */
async function findAsked(target: Target, flags: Flags, context: Context, tell: Tell): Promise<string | undefined> {
  if (flags.to === undefined) return flags.image;
  if (flags.to !== "previous") {
    const image = byDigest(target, target.settings.image.repository, flags.to);
    tell({ event: "going-back", image });
    return image;
  }
  const azure = await azureOf(target, flags, context, tell);
  const { readApp, readRevisions } = await import("../azure/read-app");
  const [app, revisions] = [await readApp(azure, target), await readRevisions(azure, target)];
  const { image, revision } = findPrevious(target.containerApp, app, revisions);
  tell({ event: "going-back", image, revision });
  return image;
}

/** The image that jobs and app get: by its digest, where that can be known. */
async function findRelease(
  target: Target,
  asked: string | undefined,
  { build, json }: Flags,
  context: Context,
  tell: Tell,
): Promise<string> {
  if (!build) return pinImage(target, releaseImage(target, asked, context.env), tell);
  const stream = json ? process.stderr : process.stdout;
  return step("image", tell, () => buildImage(target, context, tell, (text) => void stream.write(text)));
}

async function step<T>(name: string, tell: Tell, body: () => Promise<T>): Promise<T> {
  tell({ event: "step", step: name });
  return body();
}
