import { basename } from "node:path";
import { usageError } from "../../migrator/errors";

/** What `project` in infra/settings takes: names of resources are built from it. */
const projectName = /^[a-z](-?[a-z0-9]){1,15}$/;

/** What a project is called where. */
export interface ProjectNames {
  /** In package.json, and as first part of every name in Azure. */
  readonly name: string;
  /** Its database: a PostgreSQL name that needs no quotes. */
  readonly database: string;
  /** As part of a storage account's name: letters and digits. */
  readonly account: string;
}

/**
 * Makes a project's names of the one that was asked for, or of its directory's.
 *
 * @throws usage (exit 2) when the one asked for is none, or the directory's yields none.
 */
export function nameProject(asked: string | undefined, directory: string): ProjectNames {
  const name = asked ?? fromDirectory(directory);
  if (!projectName.test(name)) {
    throw usageError({
      code: "bad-name",
      message: `name (${asked ?? basename(directory)}): names in Azure are built from it, and it is no beginning of one`,
      hint: "Say --name with 2 to 16 lower case letters, digits and single hyphens, a letter first.",
    });
  }
  return { name, database: name.replaceAll("-", "_"), account: name.replaceAll("-", "") };
}

function fromDirectory(directory: string): string {
  const words = basename(directory)
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  return words.join("-").slice(0, 16).replace(/-$/, "");
}
