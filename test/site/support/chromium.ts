import { spawnSync } from "node:child_process";

/** As Debian, Ubuntu and Google call it. */
const names = ["chromium", "chromium-browser", "google-chrome"];

/** Path of a Chromium of this machine; undefined when there is none. */
export function findChromium(): string | undefined {
  const [path] = names.flatMap((name) => spawnSync("which", [name], { encoding: "utf8" }).stdout.trim() || []);
  return path;
}
