import { join, relative } from "node:path";
import { parseProjectFile, projectFileName, readProjectFile } from "../../migrator/settings/project-file";
import { assembleSource } from "../../migrator/source/assemble";
import { decodeText } from "../../migrator/source/checksum";
import type { SourceFile } from "../../migrator/source/files";
import { type Ignored, ignoredBy } from "../../migrator/source/ignored";
import type { Source } from "../../migrator/source/migration";
import { isRead } from "../../migrator/source/unread";
import { gitBytes, gitText } from "../git";

/** Reads the migrations of a directory as they are in a commit; none where the directory was not there yet. */
export async function readSourceAt(commit: string, dir: string): Promise<Source> {
  const listed = await gitText(dir, "ls-tree", "-r", "-z", "--name-only", commit, "--", ".");
  const isIgnored = await readIgnoredAt(commit, dir);
  const paths = listed.split("\0").filter((path) => isRead(path) && !isIgnored(path));
  const files: SourceFile[] = [];
  for (const path of paths) {
    const text = decodeText(await gitBytes(dir, "show", `${commit}:./${path}`));
    const load = () => Promise.reject(new Error(`${path} of ${commit} is not to be run`));
    files.push({ path, file: join(dir, path), text, load });
  }
  return assembleSource(dir, false, files, []);
}

/** What was ignored then: a pattern of today would take a migration out of history unseen. */
async function readIgnoredAt(commit: string, dir: string): Promise<Ignored> {
  const project = await readProjectFile(dir);
  const path = project && relative(dir, project.file).replaceAll("\\", "/");
  const text = path && (await gitText(dir, "show", `${commit}:./${path}`).catch(() => undefined));
  return ignoredBy((text && parseProjectFile(text, `${projectFileName} of ${commit}`).ignore) || []);
}
