import { ConfigurationError } from "../errors";
import { isUnknown } from "./unknown";

/** One part of a repository's name. */
const repositoryPart = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$/;

/** A registry's host name, with its port where it has one. */
export const registryHost = /^[a-z0-9]+([.-][a-z0-9]+)*(:\d{1,5})?$/;

/**
 * The registry that an image comes from.
 *
 * @returns undefined when nothing of it is known at synth; a token, when the registry is one.
 */
export function registryOf(image: string): string | undefined {
  const slash = image.indexOf("/");
  if (slash < 0) return isUnknown(image) ? undefined : "docker.io";
  const first = image.slice(0, slash);
  return isRegistry(first) ? first : "docker.io";
}

/** As Docker tells a registry from the first part of a repository. */
function isRegistry(first: string): boolean {
  return isUnknown(first) || /[.:]/.test(first) || first === "localhost";
}

/** Refuses what no registry would understand, as far as it is known at synth. */
export function requireImageForm(image: string, construct: string): void {
  const withoutScheme = image.replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\//, "");
  const { parts, rest } = takeApart(withoutScheme.replace(/\/+$/, ""));
  const [first = ""] = parts;
  const repository = parts.length > 1 && isRegistry(first) ? parts.slice(1) : parts;
  const isFormed = (part: string, form: RegExp) => isUnknown(part) || form.test(part);
  const isWellFormed =
    withoutScheme === image &&
    !image.endsWith("/") &&
    (repository === parts || isFormed(first, registryHost)) &&
    repository.every((part) => isFormed(part, repositoryPart));
  if (isWellFormed) return;
  // Of a token, not even the case may be changed.
  const better = parts.map((part) => (isUnknown(part) ? part : part.toLowerCase())).join("/") + rest;
  throw new ConfigurationError(
    `${construct}: 'image' (${image}) is no reference that a registry understands: it is registry/repository:version, in ` +
      `lower case, without https:// and without a slash at the end. Write ${better === image ? "for instance crshop.azurecr.io/shop:1.4.0" : better}`,
  );
}

/** The parts between slashes, and what says which version of it. */
function takeApart(image: string): { readonly parts: readonly string[]; readonly rest: string } {
  const slash = image.lastIndexOf("/");
  const name = image.slice(slash + 1);
  const end = name.search(/[:@]/);
  const length = end < 0 ? image.length : slash + 1 + end;
  return { parts: image.slice(0, length).split("/"), rest: image.slice(length) };
}

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
  if (isUnknown(colon < 0 ? name : tag)) return;

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
  if (isUnknown(digest) || /^sha256:[0-9a-f]{64}$/.test(digest)) return;
  throw new ConfigurationError(
    `${construct}: 'image' (${image}) has a malformed digest (${digest}): it must be 'sha256:' and 64 hexadecimal ` +
      "digits. Copy it from the push's output",
  );
}
