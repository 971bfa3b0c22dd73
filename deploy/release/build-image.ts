import { execFileSync, type StdioOptions } from "node:child_process";
import { ConfigurationError } from "../../infra/errors";
import { exitCodes, SchemagateError } from "../../migrator/errors";
import { runAzureCli } from "../azure-cli";
import type { Context } from "../context";
import type { Tell } from "../events";
import { projectDirectory, projectVersion } from "../project";
import { defaultImageOf, type Target } from "../target";
import { byDigest, findOwnImage, type OwnImage } from "./image";
import { type Lookup, lookUp } from "./registry";
import { hashSource } from "./source-hash";

/**
 * Builds the project's image in its registry: no Docker, and no login to the registry, are needed here. A tag is written
 * once: what it names was built from other files, or is the release.
 *
 * @param print where the build's output goes.
 * @returns the image by its digest.
 * @throws SchemagateError exit 9 when the tag names other code, or the build fails.
 */
export async function buildImage(
  target: Target,
  { env }: Context,
  tell: Tell,
  print: (text: string) => void,
): Promise<string> {
  const image = requireOwnTag(target, env);
  const version = projectVersion();
  // INV-28. A second tag says what the image was made of: a deployment that was cut off goes on with what it has built.
  const source = { ...image, name: `${image.repository}:source-${hashSource(projectDirectory, { VERSION: version })}` };
  const [named, same] = [await lookUp(target, image), await lookUp(target, source)];
  if (named.state === "found") {
    if (same.state !== "found" || same.digest !== named.digest) throw tagTaken(target, image, named.digest);
    tell({ event: "image", image: byDigest(target, image.repository, named.digest), name: image.name, built: false });
    return byDigest(target, image.repository, named.digest);
  }
  if (named.state === "unknown")
    throw cannotLookUp(target, image, named.why, "before anything is built under its name");
  const args = [
    ...["acr", "build", "--registry", target.registry],
    ...[image, source].flatMap(({ name }) => ["--image", name]),
    ...Object.entries({ VERSION: version, REVISION: gitRevision() }).flatMap(([key, value]) => [
      "--build-arg",
      `${key}=${value}`,
    ]),
    ".",
  ];
  const { exitCode } = await runAzureCli(args, print);
  if (exitCode !== 0) throw buildFailed(image, exitCode);
  return digestOf(target, image, await lookUp(target, image), tell);
}

function digestOf(target: Target, image: OwnImage, lookup: Lookup, tell: Tell): string {
  if (lookup.state !== "found") {
    const why = lookup.state === "unknown" ? lookup.why : "the registry does not have it";
    throw cannotLookUp(target, image, why, "to deploy what was built and nothing else");
  }
  const built = byDigest(target, image.repository, lookup.digest);
  tell({ event: "image", image: built, name: image.name, built: true });
  return built;
}

function requireOwnTag(target: Target, env: Context["env"]): OwnImage {
  const image = defaultImageOf(target, env);
  const own = findOwnImage(target, image);
  if (own !== undefined && !image.includes("@")) return own;
  throw new ConfigurationError(
    `--build: ${image} is no tag in the platform's registry. Name one in SCHEMAGATE_IMAGE_TAG`,
  );
}

function tagTaken(target: Target, { repository, name }: OwnImage, digest: string): SchemagateError {
  const image = byDigest(target, repository, digest);
  return new SchemagateError({
    code: "tag-taken",
    message:
      `${name} is in the registry ${target.registry} already, as ${digest}, and nothing says that it was ` +
      "built from these files: what runs under that tag would become other code at its next start",
    hint:
      `Nothing was built. Raise 'version' in package.json, or name another tag in SCHEMAGATE_IMAGE_TAG. To deploy what is ` +
      `there: npm run deploy -- ${target.environment} --image ${image}`,
    exitCode: exitCodes.deployFailed,
  });
}

function cannotLookUp({ registry }: Target, image: OwnImage, why: string, what: string): SchemagateError {
  return new SchemagateError({
    code: "digest-unknown",
    message: `cannot tell which image ${image.name} is in the registry ${registry}: ${why}`,
    hint:
      `It is asked ${what}. Sign in with a role that may pull from the registry (AcrPull, Contributor), and run the same ` +
      "command again; or build and push by other means, and deploy with --image and a digest.",
    exitCode: exitCodes.deployFailed,
  });
}

function buildFailed({ name }: OwnImage, exitCode: number): SchemagateError {
  return new SchemagateError({
    code: "build-failed",
    message: `az acr build of ${name} failed with ${exitCode}`,
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
