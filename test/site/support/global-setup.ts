import { mkdtempSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeApiReference } from "../../../site/api-reference";
import { build } from "../../../site/build";
import { install } from "../../../site/install";
import { built } from "../../../site/paths";
import { serve } from "../../../site/serve";
import { installOnDebian } from "../../support/debian";
import { findChromium } from "./chromium";

declare global {
  var servedSite: { readonly server: Server; readonly apiDir: string } | undefined;
}

/** Builds the site, and beside it what docs/api should be; serves the site to all test files. */
export default async function globalSetup(): Promise<void> {
  install();
  if (!findChromium()) installOnDebian(["chromium"], "chromium");
  const apiDir = mkdtempSync(join(tmpdir(), "schemagate-site-"));
  const building = build();
  writeApiReference(apiDir);
  await building;
  const { server, url } = await serve(built);
  globalThis.servedSite = { server, apiDir };
  process.env.SCHEMAGATE_TEST_SITE = url;
  process.env.SCHEMAGATE_TEST_API = apiDir;
}
