import { exitCodes, SchemagateError } from "../../migrator/errors";
import type { Tell } from "../events";
import type { Target } from "../target";
import { byDigest, findOwnImage } from "./image";
import { lookUp } from "./registry";

/**
 * Names an image by what is in it, so that a replica which starts next week runs the code that passed the gate, whatever its
 * tag names by then.
 *
 * @returns the image by its digest; as it is where it has one, where another registry holds it, or where nobody can ask,
 *   which is told then.
 * @throws SchemagateError exit 12 when the registry does not have it.
 */
export async function pinImage(target: Target, image: string, tell: Tell): Promise<string> {
  const own = findOwnImage(target, image);
  if (own === undefined) return image;
  const lookup = await lookUp(target, own);
  switch (lookup.state) {
    case "found":
      return byDigest(target, own.repository, lookup.digest);
    case "missing":
      throw new SchemagateError({
        code: "image-missing",
        message: `there is no ${own.name} in the registry ${target.registry}: no replica could start`,
        hint:
          `Neither jobs nor app were changed. Push it, build it with 'npm run deploy -- ${target.environment} --build', or ` +
          "name another with --image.",
        exitCode: exitCodes.notDeployed,
      });
    case "unknown":
      tell({
        event: "warning",
        message: `${image} is deployed by its tag, and what starts later runs what the tag names then: ${lookup.why}`,
      });
      return image;
  }
}

/** @returns what an image may be called in a revision: as it is named, and by its digest, which a deployment prefers. */
export async function namesOf(target: Target, image: string): Promise<[string, ...string[]]> {
  const own = findOwnImage(target, image);
  const lookup = own && !image.includes("@") ? await lookUp(target, own) : undefined;
  return lookup?.state === "found" && own ? [image, byDigest(target, own.repository, lookup.digest)] : [image];
}
