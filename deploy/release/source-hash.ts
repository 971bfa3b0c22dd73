import { createHash } from "node:crypto";
import { type Dirent, existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import dockerignore from "@balena/dockerignore";

/** What a build gets whatever .dockerignore says. */
const always = ["Dockerfile", ".dockerignore"];

/**
 * Hashes what an image is built from: every file that .dockerignore lets through, with its path and whether it is
 * executable, and the build's arguments.
 *
 * @returns 12 hexadecimal digits.
 */
export function hashSource(directory: string, buildArguments: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256");
  for (const [name, value] of Object.entries(buildArguments).sort()) hash.update(`${name}=${value}\0`);
  for (const path of listSource(directory)) hash.update(`${path}\0${describeFile(join(directory, path))}\0`);
  return hash.digest("hex").slice(0, 12);
}

function describeFile(file: string): string {
  const stats = lstatSync(file);
  if (stats.isSymbolicLink()) return `link ${readlinkSync(file)}`;
  const content = createHash("sha256").update(readFileSync(file)).digest("hex");
  return `${stats.mode & 0o111 ? "program" : "file"} ${content}`;
}

function listSource(directory: string): string[] {
  const file = join(directory, ".dockerignore");
  const lines = existsSync(file) ? readFileSync(file, "utf8") : "";
  const rules = dockerignore({ ignorecase: false }).add(lines);
  const exceptions = [...lines.matchAll(/^\s*!\s*\/?(\S+)/gm)].map(([, pattern = ""]) => pattern);
  // node_modules and its like hold a hundred thousand files, and no exception reaches into them.
  const mayHoldSource = (path: string) =>
    !rules.ignores(path) || exceptions.some((pattern) => pattern.startsWith(`${path}/`) || /^[^/]*\*/.test(pattern));
  const visit = (path: string): string[] =>
    readdirSync(join(directory, path), { withFileTypes: true }).flatMap((entry: Dirent) => {
      const own = path === "" ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) return mayHoldSource(own) ? visit(own) : [];
      const isFile = entry.isFile() || entry.isSymbolicLink();
      return isFile && (always.includes(own) || !rules.ignores(own)) ? [own] : [];
    });
  return visit("").sort();
}
