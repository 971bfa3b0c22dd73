// Puts what a build made into dist/: each file whole or not at all, because processes may be reading it.
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

/** Files of a directory of bundles. */
export class Output {
  /** Paths of everything that this build made. */
  written = new Set();

  /** @param directory where the bundles go. */
  constructor(directory) {
    this.directory = directory;
  }

  /** Writes esbuild's output files, chunks named as each of them finds them. */
  async writeBundles(files) {
    for (const { path, text } of files) {
      await this.writeFile(
        path,
        text.replaceAll(/require\("\.\/((?:chunks|develop)\/[\w-]+\.js)"\)/g, this.#from(path)),
      );
    }
  }

  /** Every `npm run migrate` may build: what is unchanged is left alone, what is not is replaced under running readers. */
  async writeFile(path, contents) {
    const bytes = Buffer.from(contents);
    this.written.add(path);
    const existing = await readFile(path).catch(() => undefined);
    if (existing?.equals(bytes)) {
      return;
    }
    await mkdir(dirname(path), { recursive: true });
    const temporary = `${path}.${process.pid}`;
    await writeFile(temporary, bytes, { mode: 0o755 });
    await rename(temporary, path);
  }

  /** Removes what an older build left in a part of the directory. */
  async removeLeftovers(part) {
    for (const entry of await readdir(join(this.directory, part), { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath ?? entry.path, entry.name);
      if (entry.isFile() && !this.written.has(file)) {
        await rm(file);
      }
    }
  }

  /** A chunk is named as seen from the directory; a bundle elsewhere finds it by its own way. */
  #from(path) {
    return (_, chunk) => {
      const way = relative(dirname(path), join(this.directory, chunk)).replaceAll("\\", "/");
      return `require(${JSON.stringify(way.startsWith(".") ? way : `./${way}`)})`;
    };
  }
}
