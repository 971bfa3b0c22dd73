import { rmSync } from "node:fs";

/** Stops what global-setup.ts started. */
export default async function globalTeardown(): Promise<void> {
  const { server, apiDir } = globalThis.servedSite ?? {};
  server?.closeAllConnections();
  server?.close();
  if (apiDir) {
    rmSync(apiDir, { recursive: true, force: true });
  }
}
