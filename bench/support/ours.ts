import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "./context";
import type { Contestant } from "./interleave";
import type { BenchMigration } from "./sets";

const root = join(__dirname, "../..");

/** Lays out what the image carries, with an empty place for compiled code: a benchmark's warm-up fills it. */
export function layOutImage(dir: string): string {
  const app = join(dir, "app");
  execFileSync(process.execPath, [join(root, "scripts/build.mjs"), "--image", "--out", join(app, "dist")], {
    cwd: root,
  });
  mkdirSync(join(app, "dist/compile-cache"));
  return app;
}

/** Writes a set as files, in dbmate's format. */
export function writeSet(dir: string, migrations: readonly BenchMigration[]): string {
  mkdirSync(dir, { recursive: true });
  for (const { version, slug, up, down } of migrations) {
    writeFileSync(join(dir, `${version}_${slug}.sql`), `-- migrate:up\n${up}\n\n-- migrate:down\n${down}\n`);
  }
  return dir;
}

/** Writes a set and seals it, as the image's build does. @returns the sealed set's directory. */
export function sealSet(dir: string, set: readonly BenchMigration[]): string {
  return sealDirectory(writeSet(join(dir, "sources"), set), join(dir, "sealed"));
}

/** Seals a directory of migrations, with the working copy's migrator: an image cannot compile. */
export function sealDirectory(from: string, to: string): string {
  execFileSync(process.execPath, [join(root, "dist/cli.js"), "seal", "--dir", from, "--out", to], { cwd: root });
  return to;
}

/** The migrator as the init container runs it: no arguments but the command, settings in the environment. */
export function ours(
  { node, app }: Pick<Context, "node" | "app">,
  label: string,
  sealed: string,
  url: string,
  { command = "up", env = {} }: { readonly command?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Contestant {
  return {
    label,
    command: [node, "dist/cli.js", command],
    cwd: app,
    env: { HOSTNAME: "replica-1", DATABASE_URL: url, SCHEMAGATE_DIR: sealed, ...env },
  };
}
