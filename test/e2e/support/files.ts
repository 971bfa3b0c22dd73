import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { installOnDebian } from "../../support/debian";
import { makeDirectory } from "../../support/migrator";
import { containerEnvironment, runEngine } from "./runtime";

/** Unpacks an image's files into a directory. */
export function unpackImage(image: string): string {
  const dir = join(makeDirectory(), "rootfs");
  mkdirSync(dir);
  const container = runEngine("create", image);
  try {
    const archive = `${dir}.tar`;
    runEngine("export", "--output", archive, container);
    execFileSync("tar", ["-xf", archive, "-C", dir, "--exclude=dev/*"], { stdio: "ignore" });
    execFileSync("rm", [archive]);
  } finally {
    runEngine("rm", container);
  }
  return dir;
}

export interface Traced {
  readonly code: number | null;
  readonly output: string;
  /** Files that were opened with success, without directories and those of the kernel; each once. */
  readonly files: readonly string[];
}

/** As the Dockerfile has it: what is compiled beforehand is for this user. */
const imageUser = ["--user", "--map-user=10001", "--map-group=10001"];

/** Runs a command inside an image's files, as its user, and notes which of them it opens. */
export function traceFiles(rootfs: string, command: readonly string[], env: Readonly<Record<string, string>>): Traced {
  installOnDebian(["strace"], "strace");
  const trace = `${rootfs}.trace`;
  const inside = ["unshare", ...imageUser, `--root=${rootfs}`, "--wd=/app", ...command];
  const { status, stdout, stderr } = spawnSync(
    "strace",
    ["-f", "-e", "trace=execve,open,openat", "-o", trace, ...inside],
    {
      env: { PATH: containerEnvironment().PATH, ...env },
      encoding: "utf8",
    },
  );
  const lines = readFileSync(trace, "utf8").split("\n");
  // What unshare itself opens comes before the program it becomes.
  const begin = lines.findIndex(
    (line) =>
      line.includes(`execve("`) &&
      line.includes(`"${command.at(-1)}"`) &&
      line.endsWith("= 0") &&
      !line.includes("unshare"),
  );
  const opened = lines.slice(begin + 1).flatMap((line) => {
    const [, path = "", flags = ""] = /open(?:at)?\((?:[^"]*, )?"([^"]+)", ([A-Z_|]+).*\) = \d+$/.exec(line) ?? [];
    return path === "" || flags.includes("O_DIRECTORY") || /^\/(proc|sys|dev)\//.test(path) ? [] : [path];
  });
  return { code: status, output: `${stdout}${stderr}`, files: [...new Set(opened)] };
}
