import { Token } from "cdktf";
import { ConfigurationError } from "../errors";

/**
 * Refuses an image reference that may name another image tomorrow: replicas that start later would then run other code,
 * with other migrations, than the revision that passed the gate.
 *
 * The reference may begin with a token (a registry's login server). Only what follows the last slash is judged, and only
 * as far as it is known at synth.
 */
export function requireImmutableImage(image: string, construct: string): void {
  const name = image.slice(image.lastIndexOf("/") + 1);
  const at = name.indexOf("@");
  if (at >= 0) requireDigest(name.slice(at + 1), image, construct);
  else requireFixedTag(name, image, construct);
}

function requireFixedTag(name: string, image: string, construct: string): void {
  const colon = name.lastIndexOf(":");
  const tag = colon < 0 ? "" : name.slice(colon + 1);
  if (Token.isUnresolved(colon < 0 ? name : tag)) return;

  const remedy = "Name a version or a digest (repository@sha256:…), or set 'allowMutableTag' to true";
  const why = "the same reference can name other code, with other migrations, tomorrow";
  if (tag === "") {
    throw new ConfigurationError(`${construct}: 'image' (${image}) has no tag: ${why}. ${remedy}`);
  }
  if (tag === "latest") {
    throw new ConfigurationError(`${construct}: 'image' (${image}) has the mutable tag 'latest': ${why}. ${remedy}`);
  }
  if (!/^\w[\w.-]{0,127}$/.test(tag)) {
    throw new ConfigurationError(
      `${construct}: 'image' (${image}) has a malformed tag (${tag}): registries take letters, digits, '_', '.' and ` +
        `'-', at most 128. ${remedy}`,
    );
  }
}

function requireDigest(digest: string, image: string, construct: string): void {
  if (Token.isUnresolved(digest) || /^sha256:[0-9a-f]{64}$/.test(digest)) return;
  throw new ConfigurationError(
    `${construct}: 'image' (${image}) has a malformed digest (${digest}): it must be 'sha256:' and 64 hexadecimal ` +
      "digits. Copy it from the push's output",
  );
}
