import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory } from "../../support/migrator";
import { engineName } from "./runtime";

/**
 * PATH with a program `docker` for the engine of the tests: podman understands docker's command line, so where it is the
 * engine, it answers to that name as well.
 */
export function dockerPath(): string {
  const dir = makeDirectory();
  if (engineName() === "podman") {
    writeFileSync(join(dir, "docker"), '#!/bin/sh\nexec podman "$@"\n');
    chmodSync(join(dir, "docker"), 0o755);
  }
  return `${dir}:${process.env.PATH}`;
}
