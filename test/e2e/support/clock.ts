import { execFileSync } from "node:child_process";
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installOnDebian } from "../../support/debian";
import { makeDirectory } from "../../support/migrator";
import type { Replica } from "./pods";
import { engine, runEngine } from "./runtime";

/** Where the clock is read from inside a container: the one place that its processes may write to. */
const clockFile = "/dev/shm/clock";

/** The clock as a person sees it jumps, the monotonic one does not: as when somebody sets the time. */
const settings = { FAKETIME_NO_CACHE: "1", FAKETIME_DONT_FAKE_MONOTONIC: "1" };

/** Library of libfaketime on this machine. */
function findLibrary(): string {
  installOnDebian(["faketime"], "faketime");
  const files = execFileSync("dpkg", ["-L", "libfaketime"], { encoding: "utf8" }).split("\n");
  const library = files.find((file) => file.endsWith("/libfaketimeMT.so.1"));
  if (!library) {
    throw new Error("these tests need libfaketimeMT.so.1, and the package libfaketime has none");
  }
  return library;
}

/**
 * Builds an image of which the clock can be set.
 *
 * @param from image that it is otherwise equal to.
 * @returns its reference.
 */
export function imageWithClock(from: string): string {
  const dir = makeDirectory();
  copyFileSync(findLibrary(), join(dir, "clock.so"));
  const variables = { ...settings, LD_PRELOAD: "/usr/local/lib/clock.so", FAKETIME_TIMESTAMP_FILE: clockFile };
  const lines = Object.entries(variables).map(([name, value]) => `ENV ${name}=${value}`);
  writeFileSync(
    join(dir, "Containerfile"),
    `FROM ${from}\nCOPY --chmod=644 clock.so /usr/local/lib/clock.so\n${lines.join("\n")}\n`,
  );
  const image = `${from}-clock`;
  runEngine("build", "--quiet", "--tag", image, "--file", join(dir, "Containerfile"), dir);
  return image;
}

/** Sets the clock of a replica's migrator, relative to the true time: `+1h`, `-2h`. */
export async function setClock(replica: Replica, offset: string): Promise<void> {
  await engine().run(["exec", replica.nameOf("migrate"), "sh", "-c", `echo ${offset} > ${clockFile}`]);
}

/**
 * Lets a server start with a clock that a file sets.
 *
 * @returns its clock.
 */
export async function withServerClock<T>(
  start: () => Promise<T>,
): Promise<{ server: T; set: (offset: string) => void }> {
  const file = join(makeDirectory(), "clock");
  const variables = { ...settings, LD_PRELOAD: findLibrary(), FAKETIME_TIMESTAMP_FILE: file };
  writeFileSync(file, "+0\n");
  Object.assign(process.env, variables);
  try {
    return { server: await start(), set: (offset) => writeFileSync(file, `${offset}\n`) };
  } finally {
    for (const name of Object.keys(variables)) {
      delete process.env[name];
    }
  }
}
