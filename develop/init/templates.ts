import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { ProjectNames } from "./name";

/** A project from nothing, or what an API that exists lacks. */
export type ProjectKind = "project" | "existing";

/** A file to write. */
export interface TemplateFile {
  /** Relative to the project, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** Beside this bundle; the build puts them there. */
const directory = join(__dirname, "../templates");

/** npm leaves a .gitignore out of every package. */
const renamed: Readonly<Record<string, string>> = { _gitignore: ".gitignore" };

/** What runs in the image, and on a laptop where that has it. */
const commands: Readonly<Record<ProjectKind, { readonly app: string; readonly migrator: string }>> = {
  project: {
    app: '    command: ["node", "app/server.mjs"],\n',
    migrator: '["node", "node_modules/schemagate/dist/cli.js"]',
  },
  existing: {
    app: "    // The image says how the API is started. Here: port, livenessPath, readinessPath, where they differ from the defaults.\n",
    migrator: '["/opt/schemagate/schemagate"]',
  },
};

/** Reads the templates of a kind of project, with its names in them, by path. */
export async function readTemplates(kind: ProjectKind, names: ProjectNames): Promise<TemplateFile[]> {
  const words: Readonly<Record<string, string>> = {
    ...names,
    appCommand: commands[kind].app,
    migratorCommand: commands[kind].migrator,
  };
  const files = await Promise.all(["common", kind].map((part) => readPart(join(directory, part), words)));
  return files.flat().sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function readPart(part: string, words: Readonly<Record<string, string>>): Promise<TemplateFile[]> {
  const entries = await readdir(part, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return Promise.all(
    files.map(async (file) => {
      const path = relative(part, file).replaceAll("\\", "/");
      const text = (await readFile(file, "utf8")).replace(/\{\{(\w+)\}\}/g, (found, word) => words[word] ?? found);
      return { path: renamed[path] ?? path, text };
    }),
  );
}
