import { basename } from "node:path/posix";
import type { Problem } from "../errors";
import { editDistance } from "./names";

/** Folders of a set that hold files of a kind of their own. */
export const folders = { repeatable: "repeatable", hooks: "hooks" } as const;

const kinds: readonly string[] = Object.values(folders);
const readable = /\.(sql|[cm]?[jt]s)$/;
const moduleEndings = ["ts", "mts", "cts", "js", "mjs", "cjs"];
const declaration = /\.d\.[cm]?ts$/i;
/** What an editor leaves beside the file it changes: `a.sql~`, `#a.sql#`. */
const editorsCopy = /~$|^#.*#$/;
const numbered = /^\d+([_.-]|$)/;
const sqlEnding = /^(sql|p[gl]?sql|plpgsql|ddl)$/;
const scriptEnding = /^([cm]?[jt]s|[jt]sx|py|rb|php|go|pl|sh)$/;
/** Endings of what is about a migration and none itself; some stand behind its whole name: `1_a.js.map`. */
const aboutEnding =
  /^(md|markdown|rst|adoc|txt|json[5c]?|csv|tsv|ya?ml|toml|xml|html?|map|snap|license|log|png|svg|jpe?g|gif|pdf)$/;

/** Whether a file's name is one of a migration. */
export function isMigrationFile(name: string): boolean {
  return readable.test(name) && !declaration.test(name) && !isAside(name);
}

/** Whether a file or folder is nobody's migration by its name: hidden, an editor's copy, or installed packages. */
export function isAside(name: string): boolean {
  return name.startsWith(".") || editorsCopy.test(name) || name === "node_modules";
}

/**
 * Whether a file of a set is read where it lies: in the set's own folder, or in one of those for a kind of their own.
 *
 * @param path inside the set, with `/`.
 */
export function isRead(path: string): boolean {
  const [top = "", ...rest] = path.split("/");
  return (rest.length === 0 || (rest.length === 1 && kinds.includes(top))) && isMigrationFile(basename(path));
}

/**
 * Says of a file that is not read why it could be a migration: who wrote it may believe that it runs.
 *
 * @param path inside the set, with `/`.
 * @param file path for messages.
 * @param paths all files of the set.
 * @returns undefined where it is none: a document, data, a declaration, a module that migrations import.
 */
export function unreadProblem(path: string, file: string, paths: ReadonlySet<string>): Problem | undefined {
  return couldBeMigration(path, paths) ? unread(path, file, explain(path)) : undefined;
}

/** Says of a folder that it has a migration's name. */
export function unreadFolderProblem(path: string, file: string): Problem | undefined {
  const name = basename(path);
  return isMigrationFile(name) && (name.endsWith(".sql") || numbered.test(name))
    ? unread(path, file, { why: "it is a folder, with a name of a migration", how: "Rename the folder" })
    : undefined;
}

interface Explanation {
  readonly why: string;
  readonly how: string;
}

function unread(path: string, file: string, { why, how }: Explanation): Problem {
  return {
    code: "unread-file",
    message: `${file} could be a migration, and is not read: ${why}`,
    hint: `${how}. If it is none, ignore it in schemagate.json: "ignore": [${JSON.stringify(path)}].`,
  };
}

function couldBeMigration(path: string, paths: ReadonlySet<string>): boolean {
  const name = basename(path);
  const endings = endingsOf(name);
  const last = endings.at(-1) ?? "";
  const isSql = endings.some((ending) => sqlEnding.test(ending));
  // Editors of Windows hide the ending that they add.
  if (declaration.test(name) || (aboutEnding.test(last) && !(isSql && last === "txt"))) {
    return false;
  }
  if (isSql) {
    return true;
  }
  if (endings.some((ending) => scriptEnding.test(ending))) {
    return numbered.test(name) || isInKind(path) || isInNumberedFolder(path, paths);
  }
  return numbered.test(name) && (endings.length === 0 || editDistance(last, "sql") === 1);
}

/** What stands behind the dots of a name, as it was meant to be written. */
function endingsOf(name: string): string[] {
  return name
    .split(".")
    .slice(1)
    .map((ending) => ending.trim().toLowerCase());
}

/** Directly in a folder for a kind of its own, in whatever spelling. */
function isInKind(path: string): boolean {
  const [top = "", ...rest] = path.split("/");
  return rest.length === 1 && meantKind(top) !== undefined;
}

/** In `3_c/`, which looks like a migration itself; beside a module of that name it holds what the module imports. */
function isInNumberedFolder(path: string, paths: ReadonlySet<string>): boolean {
  const parents = path.split("/").slice(0, -1);
  return parents.some((parent, index) => {
    const beside = parents.slice(0, index + 1).join("/");
    return numbered.test(parent) && !moduleEndings.some((ending) => paths.has(`${beside}.${ending}`));
  });
}

function explain(path: string): Explanation {
  const [top = "", ...rest] = path.split("/");
  const kind = meantKind(top);
  if (rest.length === 0 || (rest.length === 1 && kind === top)) {
    return explainEnding(basename(path));
  }
  if (kind !== undefined) {
    return kind === top
      ? { why: `folders in ${kind}/ are not read`, how: `Move it up, into ${kind}/` }
      : { why: `the folder is called ${kind}, not ${top}`, how: "Rename the folder" };
  }
  return { why: `only the folders ${kinds.join(" and ")} are read`, how: `Move it up, as ${suggestedName(path)}` };
}

function explainEnding(name: string): Explanation {
  const { known, behind } = splitName(name);
  if (known === undefined) {
    return behind === ""
      ? { why: "its name has no ending", how: `Rename it to ${name}.sql or ${name}.ts` }
      : { why: `".${behind}" is no ending of a migration`, how: "Write SQL into a .sql file, code into a .ts file" };
  }
  return behind === ""
    ? { why: "its ending is in other letters", how: `Rename it to ${known}` }
    : { why: `".${behind}" is no ending of a migration`, how: `Delete it, or rename it to ${known}` };
}

/** A name up to the ending that is read, spelt as it is read, and what stands behind that. */
function splitName(name: string): { known?: string; behind: string } {
  const [base = "", ...endings] = name.split(".");
  const at = endingsOf(name).findIndex((ending) => readable.test(`.${ending}`));
  return at === -1
    ? { behind: endings.at(-1) ?? "" }
    : {
        known: [base, ...endings.slice(0, at), endingsOf(name)[at]].join("."),
        behind: endings.slice(at + 1).join("."),
      };
}

/** `3_c/migration.sql` as a file of this set's: `3_c.sql`. */
function suggestedName(path: string): string {
  const name = basename(path);
  const folder = path.split("/").at(-2) ?? "";
  const own = splitName(name).known ?? `${name}.sql`;
  return numbered.test(folder) && !numbered.test(name) ? folder + own.slice(own.indexOf(".")) : own;
}

/** The folder for a kind of its own that another name stands for: `Repeatable`, `hook`. */
function meantKind(name: string): string | undefined {
  const singular = (text: string) => text.toLowerCase().replace(/s$/, "");
  return kinds.find((kind) => singular(kind) === singular(name));
}
