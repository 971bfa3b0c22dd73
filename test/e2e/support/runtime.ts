import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Engine, type EngineKind } from "../../../local/pod/engine";
import { installOnDebian } from "../../support/debian";

/** What outlives a run: images, their layers, the stand-in's files. */
export const cacheDir = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "schemagate-e2e");

const isRoot = process.getuid?.() === 0;

/**
 * Sees to an engine for the tests: the one that SCHEMAGATE_E2E_ENGINE names, else podman or docker, whichever answers.
 * As root on Debian it is podman, installed when absent, with settings and a storage of the tests' own.
 *
 * @throws Error that says what to install, when nothing answers.
 */
export function prepareRuntime(): void {
  const asked = process.env.SCHEMAGATE_E2E_ENGINE;
  if (isRoot && process.platform === "linux" && asked !== "docker" && !process.env.CONTAINERS_CONF) {
    installOnDebian(["podman", "buildah", "runc", "catatonit", "netavark", "aardvark-dns", "iptables"], "podman");
    // Named in the settings below; a podman that was there before may have come with another one.
    installOnDebian(["runc"], "runc");
    Object.assign(process.env, ownConfiguration());
  }
  const answers = (kind: string) => spawnSync(kind, ["info"], { stdio: "ignore" }).status === 0;
  const found = (asked ? [asked] : ["podman", "docker"]).find(answers);
  if (!found) {
    throw new Error(
      `the container tests need ${asked ?? "podman or docker"}, and \`${asked ?? "podman"} info\` fails: install podman ` +
        "(on Debian: apt-get install podman), or start Docker and set SCHEMAGATE_E2E_ENGINE=docker",
    );
  }
  process.env.SCHEMAGATE_E2E_ENGINE = found;
}

/** Program of the engine that the tests run on. */
export function engineName(): EngineKind {
  return process.env.SCHEMAGATE_E2E_ENGINE as EngineKind;
}

/** The engine that the tests run on. */
export function engine(): Engine {
  return new Engine(engineName(), containerEnvironment());
}

/** The environment of the engine's programs. */
export function containerEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}

/** Runs a command of the engine to its end, and returns what it printed. */
export function runEngine(...args: string[]): string {
  return execFileSync(engineName(), args, {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();
}

/**
 * Pulls an image.
 *
 * @param isStandInKnown whether the tests know of what to make a stand-in; it is made in a storage of their own only.
 * @returns whether it succeeded; when not, a stand-in can be built.
 * @throws Error that says why not, where no stand-in can be built either.
 */
export function pullImage(reference: string, isStandInKnown: boolean): boolean {
  const { status, stderr } = spawnSync(engineName(), ["pull", reference], { timeout: 120_000, encoding: "utf8" });
  if (status !== 0 && !(isStandInKnown && process.env.CONTAINERS_CONF)) {
    throw new Error(
      `the image ${reference} cannot be pulled: ${stderr.trim().split("\n").at(-1)}. See to the way to its registry, or ` +
        "run the tests as root on Debian with podman, where they make a stand-in",
    );
  }
  return status === 0;
}

/** Settings with which podman also works where limits of a process may not be raised, as inside another sandbox. */
function ownConfiguration(): NodeJS.ProcessEnv {
  mkdirSync(cacheDir, { recursive: true });
  const containers = join(cacheDir, "containers.conf");
  const storage = join(cacheDir, "storage.conf");
  writeFileSync(
    containers,
    '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]\n' +
      '[network]\nnetwork_backend = "netavark"\n' +
      '[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n',
  );
  writeFileSync(
    storage,
    `[storage]\ndriver = "${canOverlay() ? "overlay" : "vfs"}"\nrunroot = "/run/schemagate-e2e"\n` +
      `graphroot = "${join(cacheDir, "storage")}"\n`,
  );
  return { CONTAINERS_CONF: containers, CONTAINERS_STORAGE_CONF: storage, BUILDAH_ISOLATION: "chroot" };
}

/** Layers as overlays of the kernel's, where it lets us; else each is a copy of the one below. */
function canOverlay(): boolean {
  const dir = join(cacheDir, "overlay-trial");
  const parts = ["lower", "upper", "work", "merged"].map((name) => join(dir, name));
  for (const part of parts) {
    mkdirSync(part, { recursive: true });
  }
  const [lower, upper, work, merged = ""] = parts;
  const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
  const mounted = spawnSync("mount", ["-t", "overlay", "overlay", "-o", options, merged]).status === 0;
  if (mounted) {
    spawnSync("umount", [merged]);
  }
  return mounted;
}
