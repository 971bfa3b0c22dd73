import { join } from "node:path";
import { assembleSource } from "../../migrator/source/assemble";
import { decodeText } from "../../migrator/source/checksum";
import { folders, isMigrationFile, type SourceFile } from "../../migrator/source/files";
import type { Source } from "../../migrator/source/migration";
import { gitBytes, gitText } from "../git";

/** Reads the migrations of a directory as they are in a commit; none where the directory was not there yet. */
export async function readSourceAt(commit: string, dir: string): Promise<Source> {
  const listed = await gitText(dir, "ls-tree", "-r", "-z", "--name-only", commit, "--", ".");
  const paths = listed.split("\0").filter((path) => isInSet(path));
  const files: SourceFile[] = [];
  for (const path of paths) {
    const text = decodeText(await gitBytes(dir, "show", `${commit}:./${path}`));
    const load = () => Promise.reject(new Error(`${path} of ${commit} is not to be run`));
    files.push({ path, file: join(dir, path), text, load });
  }
  return assembleSource(dir, false, files, []);
}

function isInSet(path: string): boolean {
  const [first = "", second, ...more] = path.split("/");
  const isInFolder = second !== undefined && more.length === 0 && Object.values<string>(folders).includes(first);
  return (second === undefined || isInFolder) && isMigrationFile(second ?? first);
}
