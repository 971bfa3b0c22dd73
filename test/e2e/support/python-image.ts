import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installOnDebian } from "../../support/debian";
import { makeDirectory, root } from "../../support/migrator";
import { cacheDir, engineName, pullImage, runEngine } from "./runtime";

const example = join(root, "examples/python-api");

/** What the example's Dockerfile builds on, under its full name. */
export const pythonReference = `docker.io/library/${pythonImage()}`;

/**
 * Sees to the image that the example builds on: the one that is here, else Docker Hub's, else a stand-in made of Debian's
 * Python and psycopg, for machines that reach no image registry.
 */
export function preparePythonImage(): void {
  const isHere = spawnSync(engineName(), ["image", "inspect", pythonReference]).status === 0;
  if (!isHere && !pullImage(pythonReference, pythonReference.endsWith("-bookworm"))) {
    buildStandIn();
  }
}

function pythonImage(): string {
  const [, image = ""] = /^ARG PYTHON_IMAGE=(\S+)$/m.exec(readFileSync(join(example, "Dockerfile"), "utf8")) ?? [];
  return image;
}

function buildStandIn(): void {
  installOnDebian(["mmdebstrap"], "mmdebstrap");
  const dir = join(cacheDir, "python");
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  // apt, because Debian's slim images have it, and with it the libstdc++ that Node needs.
  const packages = "--include=apt,ca-certificates,python3,python3-psycopg";
  const options = ["--quiet", "--variant=essential", packages];
  execFileSync("mmdebstrap", [...options, "bookworm", join(dir, "rootfs")], { stdio: "pipe" });
  writeFileSync(
    join(dir, "Containerfile"),
    `FROM scratch\nCOPY rootfs /\nLABEL schemagate.stand-in=${pythonReference}\nCMD ["python3"]\n`,
  );
  runEngine("build", "--quiet", "--tag", pythonReference, "--file", join(dir, "Containerfile"), dir);
  rmSync(dir, { recursive: true, force: true });
}

/**
 * Builds the example's Dockerfile, unchanged, with a packed migrator and further migrations.
 *
 * @param name last part of the image's name.
 * @param migrator path of the archive.
 * @param migrations files beside the example's own.
 * @returns the image's reference.
 */
export function pythonImageWith(name: string, migrator: string, migrations: Readonly<Record<string, string>>): string {
  const dir = makeDirectory();
  cpSync(example, dir, { recursive: true });
  copyFileSync(migrator, join(dir, "schemagate.tgz"));
  for (const [file, text] of Object.entries(migrations)) {
    writeFileSync(join(dir, "migrations", file), text);
  }
  const image = `localhost/schemagate-e2e:python-${name}`;
  runEngine("build", "--quiet", "--build-arg", "SCHEMAGATE=./schemagate.tgz", "--tag", image, dir);
  rmSync(dir, { recursive: true });
  return image;
}
