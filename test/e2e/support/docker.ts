import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory } from "../../support/migrator";

/**
 * PATH with a program `docker` for the engine of the tests: podman understands docker's command line, so where it is the
 * engine, it answers to that name as well.
 */
export function dockerPath(): string {
  const dir = makeDirectory();
  if (process.env.SCHEMAGATE_E2E_ENGINE === "podman") {
    writeFileSync(join(dir, "docker"), '#!/bin/sh\nexec podman "$@"\n');
    chmodSync(join(dir, "docker"), 0o755);
  }
  return `${dir}:${process.env.PATH}`;
}
