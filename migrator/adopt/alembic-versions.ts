import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { usageError } from "../errors";

/** One file of Alembic's versions. */
export interface Revision {
  readonly id: string;
  /** Its message: the first line of the file's docstring. */
  readonly description?: string;
  /** What it stands on: `down_revision` and `depends_on`. */
  readonly parents: readonly string[];
}

/**
 * Reads the revisions of a directory and of the directories in it. The files are Python and are not run: what is
 * assigned to the names that Alembic knows is read, everything else is skipped.
 *
 * @throws usage (exit 2) when the directory cannot be read or holds no revision.
 */
export async function readRevisions(dir: string): Promise<Revision[]> {
  const files = await readdir(dir, { recursive: true }).catch((cause) => fail(dir, `cannot be read: ${cause.message}`));
  const sources = files.filter((file) => file.endsWith(".py")).sort();
  const revisions: Revision[] = [];
  for (const file of sources) {
    const revision = parseRevision(await readFile(join(dir, file), "utf8"));
    if (revision) {
      revisions.push(revision);
    }
  }
  return revisions.length > 0 ? revisions : fail(dir, "holds no file with a revision");
}

function fail(dir: string, why: string): never {
  throw usageError({
    code: "bad-versions",
    message: `--versions (${JSON.stringify(dir)}): ${why}`,
    hint: "It is the directory of Alembic's .py files, usually alembic/versions.",
  });
}

/** First line of the docstring that begins a file, behind comments and empty lines. */
const docstring = /^(?:\s*#.*\n|\s*\n)*[rRuU]?("""|''')\s*(\S.*?)\s*(?:\1|\n)/;

/** Reads one file; nothing when it is no revision. */
export function parseRevision(text: string): Revision | undefined {
  const [id] = assignedStrings(text, "revision");
  if (id === undefined) {
    return undefined;
  }
  const description = docstring.exec(text)?.[2];
  const parents = [...assignedStrings(text, "down_revision"), ...assignedStrings(text, "depends_on")];
  return { id, description, parents: [...new Set(parents)] };
}

/**
 * The strings assigned to a name at the beginning of a line: `= "a"`, `= ("a", "b")`, `: Union[str, None] = None`. An
 * opened bracket may go on over lines; a comment may not name strings.
 */
function assignedStrings(text: string, name: string): string[] {
  const assigned = new RegExp(`^${name}[ \\t]*(?::[^=\\n]*)?=[ \\t]*(\\([^)]*\\)|\\[[^\\]]*\\]|[^\\n]*)`, "m").exec(
    text,
  );
  const value = (assigned?.[1] ?? "").replace(/#.*$/gm, "");
  return [...value.matchAll(/"([^"\n]*)"|'([^'\n]*)'/g)].map(([, double, single]) => double ?? single ?? "");
}
