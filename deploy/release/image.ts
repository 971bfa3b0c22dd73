import { ConfigurationError } from "../../infra/errors";
import type { Target } from "../target";

/** An image in the platform's registry. */
export interface OwnImage {
  readonly repository: string;
  /** With its tag or digest: `shop:1.4.0`, `shop@sha256:…`. */
  readonly name: string;
}

/** @returns an image that the platform's registry holds; undefined for any other. */
export function findOwnImage({ registry }: Target, image: string): OwnImage | undefined {
  const [, host, name, repository] = /^([^/]+)\/(([^@:]+)(?::\w[\w.-]*)?(?:@sha256:[0-9a-f]{64})?)$/.exec(image) ?? [];
  if (host?.toLowerCase() !== hostOf(registry) || name === undefined || repository === undefined) return undefined;
  return { repository, name };
}

/** @returns reference of an image in the platform's registry by what is in it. */
export function byDigest({ registry }: Target, repository: string, digest: string): string {
  return `${hostOf(registry)}/${repository}@${digest}`;
}

/** Checks what `--to` names beside `previous`. @throws ConfigurationError when it is no digest */
export function requireDigest(text: string): string {
  if (/^sha256:[0-9a-f]{64}$/.test(text)) return text;
  throw new ConfigurationError(
    `--to (${text}): must be 'previous', or a digest (sha256: and 64 hexadecimal digits) in the platform's registry. ` +
      "Name an image of another kind with --image",
  );
}

function hostOf(registry: string): string {
  return `${registry}.azurecr.io`;
}
