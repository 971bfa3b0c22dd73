import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { installOnDebian } from "../../support/debian";
import { root } from "../../support/migrator";
import { cacheDir, engineName, pullImage, runEngine } from "./runtime";

/** What the Dockerfile builds on. */
const baseImage = readFileSync(join(root, "Dockerfile"), "utf8").match(/^ARG NODE_IMAGE=(\S+)$/m)?.[1] ?? "";

/** Its full name. */
export const baseReference = `docker.io/library/${baseImage}`;

/** npm packages that hold the programs of the image; the major is the Dockerfile's. */
const nodeVersion = "24.21.0";
const npmVersion = "11.21.2";

/**
 * Sees to the image that the Dockerfile builds on: the one that is here, else Docker Hub's, else a stand-in made of Debian's
 * packages and of Node and npm from the npm registry, for machines that reach no image registry.
 */
export function prepareBaseImage(): void {
  const isHere = spawnSync(engineName(), ["image", "inspect", baseReference]).status === 0;
  if (isHere || pullImage(baseReference, baseImage.startsWith(`node:${nodeVersion.split(".")[0]}-`))) {
    return;
  }
  buildStandIn();
}

function buildStandIn(): void {
  installOnDebian(["mmdebstrap"], "mmdebstrap");
  const dir = join(cacheDir, "base");
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const files = join(dir, "rootfs");
  const packages = "--include=ca-certificates,libstdc++6,libgcc-s1";
  execFileSync("mmdebstrap", ["--quiet", "--variant=essential", packages, "bookworm", files], { stdio: "pipe" });
  const local = join(files, "usr/local");
  copyFileSync(join(unpack(`node-linux-${process.arch}@${nodeVersion}`, dir), "bin/node"), join(local, "bin/node"));
  mkdirSync(join(local, "lib/node_modules"), { recursive: true });
  const npm = join(local, "lib/node_modules/npm");
  execFileSync("mv", [unpack(`npm@${npmVersion}`, dir), npm]);
  chmodSync(join(npm, "bin/npm-cli.js"), 0o755);
  symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", join(local, "bin/npm"));
  copyAuthorities(files);
  writeFileSync(
    join(dir, "Containerfile"),
    "FROM scratch\nCOPY rootfs /\nENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n" +
      `LABEL schemagate.stand-in=${baseImage}\nCMD ["node"]\n`,
  );
  runEngine("build", "--quiet", "--tag", baseReference, "--file", join(dir, "Containerfile"), dir);
  rmSync(dir, { recursive: true, force: true });
}

/** npm in the image trusts whom npm on this machine trusts: there may be a proxy with an authority of its own in between. */
function copyAuthorities(files: string): void {
  const authorities = "/etc/ssl/certs/ca-certificates.crt";
  if (existsSync(authorities)) {
    copyFileSync(authorities, join(files, authorities));
  }
  mkdirSync(join(files, "usr/local/etc"), { recursive: true });
  const registry = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim();
  writeFileSync(join(files, "usr/local/etc/npmrc"), `cafile=${authorities}\nregistry=${registry}\n`);
}

/** @returns directory of an npm package's files. */
function unpack(spec: string, dir: string): string {
  const target = join(dir, spec.replace(/\W/g, "-"));
  mkdirSync(target, { recursive: true });
  const [packed] = JSON.parse(
    execFileSync("npm", ["pack", spec, "--json", "--pack-destination", target], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  );
  execFileSync("tar", ["-xzf", join(target, packed.filename), "-C", target]);
  return join(target, "package");
}
