import { usageError } from "../../errors";

/**
 * Loads what only developers and CI use: a file of its own, which an image does not carry.
 *
 * @throws usage (exit 2) where it is missing.
 */
export function loadDevelop(): Promise<typeof import("../../../develop")> {
  return import("../../../develop").catch(notInImage);
}

/** Says that a file of the migrator is missing because an image does without it. */
export function notInImage(cause: NodeJS.ErrnoException): never {
  if (cause.code !== "MODULE_NOT_FOUND") {
    throw cause;
  }
  throw usageError({
    code: "not-in-image",
    message: `this command is for developers and CI and not part of an image (${cause.code})`,
    hint: "Run it in a working copy: `npm run migrate <command>`.",
  });
}
