import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError } from "../infra/errors";

/** The project that is deployed: npm runs a project's scripts in its root. */
export const projectDirectory = process.cwd();

/** Version of the project: the image's tag when nothing names another. */
export function projectVersion(): string {
  const file = join(projectDirectory, "package.json");
  const { version } = readManifest(file);
  if (typeof version === "string" && version !== "") return version;
  throw new ConfigurationError(
    `${file}: 'version' (missing): it is the image's tag when nothing names another. Add "version": "0.1.0", or name the ` +
      "image with --image",
  );
}

function readManifest(file: string): { readonly version?: unknown } {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new ConfigurationError(
      `${file} (not readable): ${(cause as Error).message}. Run this in the project's root, or name the image with --image`,
    );
  }
}
