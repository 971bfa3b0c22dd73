import picomatch from "picomatch";
import { readProjectFile } from "../settings/project-file";

/** Whether a file or folder of a set, by its path inside it, is meant to be ignored. */
export type Ignored = (path: string) => boolean;

/**
 * Reads which files of a directory of migrations are meant to be ignored: `ignore` in the schemagate.json beside or above
 * the directory, or else in that of the working directory.
 *
 * @throws usage (exit 2) when the file is wrong.
 */
export async function readIgnored(dir: string): Promise<Ignored> {
  const project = (await readProjectFile(dir)) ?? (await readProjectFile("."));
  return ignoredBy(project?.ignore ?? []);
}

/** A path behind the folders on its way: `a/b/c` is `a`, `a/b` and itself. */
function withFolders(path: string): string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/**
 * Makes patterns a question. A pattern that fits a folder is for all that is in it.
 *
 * @param patterns relative to the directory of the migrations.
 */
export function ignoredBy(patterns: readonly string[]): Ignored {
  // A pattern may be written like a folder.
  const matches = picomatch(
    patterns.map((pattern) => pattern.replace(/\/+$/, "")),
    { dot: true },
  );
  return (path) => patterns.length > 0 && withFolders(path).some((one) => matches(one));
}
