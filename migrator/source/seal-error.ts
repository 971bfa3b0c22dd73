import { type SchemagateError, usageError } from "../errors";

/** A sealed set that cannot be used: exit 2. */
export function sealError(path: string, why: string): SchemagateError {
  return usageError({
    code: "bad-seal",
    message: `the sealed migrations ${path} cannot be used: ${why}`,
    hint: "Build the image again; `schemagate seal` writes the set.",
  });
}
