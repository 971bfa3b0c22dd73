import { readdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { usageError } from "../../migrator/errors";
import { decodeText } from "../../migrator/source/checksum";
import type { ModelAdapter, ModelSource, ModelSql } from "./model-adapter";
import { modelError } from "./model-error";
import { type ModelProblem, readStatements } from "./read-statements";

/** SQL files as they are; of a directory every `*.sql` below it, in the order of their paths. */
export const sqlFiles: ModelAdapter = {
  kind: "sql",
  about: "a directory of SQL files, or *.sql",
  recognises: (path, isDirectory) => isDirectory || path.endsWith(".sql"),
  load: async (paths) => {
    const problems: ModelProblem[] = [];
    const sources: ModelSource[] = [];
    // A file that is named twice, by itself and by its directory, is there once.
    const seen = new Set<string>();
    for (const path of paths) {
      const statements: ModelSql[] = [];
      for (const file of await findFiles(path)) {
        if (!seen.has(resolve(file))) {
          seen.add(resolve(file));
          statements.push(...(await readFileStatements(file, problems)));
        }
      }
      sources.push({ kind: "sql", path, statements });
    }
    const [first, ...others] = problems;
    if (first) {
      throw modelError([first, ...others]);
    }
    return sources;
  },
};

async function findFiles(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) {
    return [path];
  }
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch((cause: Error) => {
    throw usageError({
      code: "no-models",
      message: `the models ${path} cannot be read: ${cause.message}`,
      hint: "Make the directory and those below it readable to this user.",
    });
  });
  const files = entries
    .filter((entry) => entry.name.endsWith(".sql") && !entry.name.startsWith(".") && !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0) {
    throw usageError({
      code: "no-models",
      message: `the models ${path}: there is no *.sql in this directory, nor below it`,
      hint: "Put the SQL files there, or name another directory.",
    });
  }
  return files;
}

async function readFileStatements(file: string, problems: ModelProblem[]): Promise<readonly ModelSql[]> {
  const text = await readFile(file)
    .then(decodeText)
    .catch((cause: NodeJS.ErrnoException) => cause);
  if (typeof text !== "string") {
    const notUtf8 = text.code === "ERR_ENCODING_INVALID_ENCODED_DATA";
    problems.push({
      code: notUtf8 ? "not-utf8" : "unreadable",
      message: `${file}: ${notUtf8 ? "is not UTF-8" : `cannot be read: ${text.message}`}`,
      hint: notUtf8 ? "Save it as UTF-8." : "Make it readable to this user.",
      location: file,
    });
    return [];
  }
  const nul = text.indexOf("\0");
  if (nul !== -1) {
    const location = `${file}:${text.slice(0, nul).split("\n").length}`;
    problems.push({
      code: "nul",
      message: `${location}: holds a NUL character, which PostgreSQL cannot take`,
      hint: "Delete it; the file may be UTF-16: save it as UTF-8.",
      location,
    });
    return [];
  }
  const marker = /^--\s*migrate:(up|down)\b/m.exec(text);
  if (marker) {
    const location = `${file}:${text.slice(0, marker.index).split("\n").length}`;
    problems.push({
      code: "migration-in-models",
      message: `${location}: "${marker[0]}": this is a migration, a step to a schema and not the schema`,
      hint: "Name the files that say what the schema is.",
      location,
    });
    return [];
  }
  const read = await readStatements(text, file);
  problems.push(...read.problems);
  return read.statements;
}
