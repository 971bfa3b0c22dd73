import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory, root } from "../../support/migrator";
import { runEngine } from "./runtime";

/** What .dockerignore lets into a build. */
const context = [
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "schemagate.json",
  "scripts/build.mjs",
  "scripts/build",
  "migrator",
  "app",
];

/**
 * Builds the project's Dockerfile, unchanged, with further migrations.
 *
 * @param name last part of the image's name.
 * @param migrations files beside the project's own.
 * @returns the image's reference.
 */
export function imageWith(name: string, migrations: Readonly<Record<string, string>>): string {
  const dir = makeDirectory();
  for (const path of [...context, "Dockerfile", ".dockerignore"]) {
    cpSync(join(root, path), join(dir, path), { recursive: true, preserveTimestamps: true });
  }
  for (const [file, text] of Object.entries(migrations)) {
    writeFileSync(join(dir, "migrator/migrations", file), text);
  }
  const image = `localhost/schemagate-e2e:${name}`;
  runEngine("build", "--quiet", "--build-arg", `VERSION=${name}`, "--tag", image, dir);
  rmSync(dir, { recursive: true });
  return image;
}

/** The image of the project as it is. */
export const goodImage = "localhost/schemagate-e2e:good";
