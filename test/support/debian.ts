import { execFileSync, spawnSync } from "node:child_process";

/** PATH with where Debian installs what ordinary users do not look for. */
export function searchPath(): string {
  return `${process.env.PATH}:/usr/sbin:/sbin`;
}

/**
 * Installs Debian packages when a program is missing.
 *
 * @param probe the program.
 * @throws Error that says what to install, when this is not Debian or not its root.
 */
export function installOnDebian(packages: readonly string[], probe: string): void {
  const env = { ...process.env, PATH: searchPath(), DEBIAN_FRONTEND: "noninteractive" };
  const isInstalled = () => spawnSync("which", [probe], { env }).status === 0;
  if (isInstalled()) {
    return;
  }
  if (process.getuid?.() === 0 && spawnSync("apt-get", ["--version"]).status === 0) {
    // Suites that run side by side would find apt's own lock taken, and fail.
    const apt = (...args: string[]) =>
      execFileSync("flock", ["/tmp/schemagate-apt.lock", "apt-get", ...args], { env, stdio: "ignore" });
    apt("update", "-qq");
    apt("install", "-y", "-qq", "--no-install-recommends", ...packages);
  }
  if (!isInstalled()) {
    throw new Error(`these tests need ${probe}, and only root on Debian can be helped: install ${packages.join(" ")}`);
  }
}
