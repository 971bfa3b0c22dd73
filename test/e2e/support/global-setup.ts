import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../../../local/synth";
import globalSetup from "../../support/global-setup";
import { prepareBaseImage } from "./base-image";
import { imageWith } from "./images";
import { prepareRuntime } from "./runtime";

/** Prepares an engine, the base image, the project's image and the synthesized stacks: once for all test files. */
export default async function setup(): Promise<void> {
  prepareRuntime();
  prepareBaseImage();
  imageWith("good", {});
  await globalSetup();
  for (const environment of ["dev", "prod"]) {
    const outDir = mkdtempSync(join(process.env.SCHEMAGATE_TEST_TMP ?? tmpdir(), "stacks-"));
    await synthesize(environment, outDir);
    process.env[`SCHEMAGATE_E2E_STACKS_${environment.toUpperCase()}`] = outDir;
  }
}
