import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory } from "../../support/migrator";
import { goodImage } from "./images";
import { runEngine } from "./runtime";

/**
 * Builds the project's image with something done to its files, as root; who runs it stays the same.
 *
 * @param name last part of the image's name.
 * @param command what is done, in the directory of the app.
 * @returns the image's reference.
 */
export function imageAfter(name: string, command: string): string {
  const dir = makeDirectory();
  const containerfile = join(dir, "Containerfile");
  writeFileSync(containerfile, `FROM ${goodImage}\nUSER 0:0\nRUN ${command}\nUSER 10001:10001\n`);
  const image = `localhost/schemagate-e2e:${name}`;
  runEngine("build", "--quiet", "--tag", image, "--file", containerfile, dir);
  rmSync(dir, { recursive: true });
  return image;
}
