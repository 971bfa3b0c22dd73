import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { site } from "./paths";

/** Builds build/site from docs/. @throws Error with what VitePress printed. */
export async function build(): Promise<void> {
  const vitepress = join(site, "node_modules/vitepress/bin/vitepress.js");
  const child = spawn(process.execPath, [vitepress, "build", site], { stdio: ["ignore", "pipe", "pipe"] });
  const printed: Buffer[] = [];
  child.stdout.on("data", (chunk) => printed.push(chunk));
  child.stderr.on("data", (chunk) => printed.push(chunk));
  const [code] = await once(child, "close");
  if (code !== 0) {
    throw new Error(`the site was not built:\n${Buffer.concat(printed)}`);
  }
}
