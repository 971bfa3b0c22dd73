import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { searchPath } from "../../support/debian";

const env = { ...process.env, PATH: searchPath() };

/** Runs a program that changes this machine: only root may, and whoever is not is told so. */
function asRoot(program: string, ...args: string[]): void {
  if (process.getuid?.() !== 0) {
    throw new Error(`this test needs root: it runs ${program} ${args.join(" ")}`);
  }
  execFileSync(program, args, { env, stdio: "pipe" });
}

/**
 * Drops whatever two ports of this machine send each other, without a word to either.
 *
 * @returns function that lets it pass again.
 */
export function dropPackets(port: number, peer: number): () => void {
  const rules = [
    [port, peer],
    [peer, port],
  ].map(([from, to]) => [
    ...["INPUT", "-i", "lo", "-p", "tcp", "--sport", String(from), "--dport", String(to), "-j", "DROP"],
  ]);
  for (const rule of rules) {
    asRoot("iptables", "-w", "-I", ...rule);
  }
  return () => {
    for (const rule of rules) {
      asRoot("iptables", "-w", "-D", ...rule);
    }
  };
}

/** A file system of its own size. */
export interface SmallDisk {
  readonly dir: string;
  /** Makes it larger, as one enlarges the storage of a server. */
  readonly enlarge: (mebibytes: number) => void;
  readonly unmount: () => void;
}

/** Mounts a file system in memory, which is full early. */
export function mountSmallDisk(dir: string, mebibytes: number): SmallDisk {
  mkdirSync(dir, { recursive: true });
  asRoot("mount", "-t", "tmpfs", "-o", `size=${mebibytes}m,mode=700`, "tmpfs", dir);
  return {
    dir,
    enlarge: (more) => asRoot("mount", "-o", `remount,size=${more}m`, dir),
    unmount: () => asRoot("umount", dir),
  };
}

/**
 * Slows down what a server writes to the disk of a directory, by the kernel's own throttle. Needs a disk that exists:
 * one in memory is never slow.
 *
 * @returns function that ends it.
 */
export function throttleWrites(postmaster: number, dir: string, bytesPerSecond: number): () => void {
  const device = diskOf(dir);
  const isUnified = !existsSync("/sys/fs/cgroup/blkio");
  const parent = isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/blkio";
  const group = join(parent, `schemagate-slow-disk-${postmaster}`);
  if (isUnified) {
    writeFileSync(join(parent, "cgroup.subtree_control"), "+io");
  }
  mkdirSync(group);
  isUnified
    ? writeFileSync(join(group, "io.max"), `${device} wbps=${bytesPerSecond}`)
    : writeFileSync(join(group, "blkio.throttle.write_bps_device"), `${device} ${bytesPerSecond}`);
  const move = (pid: number, to: string) => {
    try {
      writeFileSync(join(to, "cgroup.procs"), String(pid));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
        throw error;
      }
    }
  };
  // The postmaster first: what it starts from now on is born there.
  for (const pid of [postmaster, ...childrenOf(postmaster)]) {
    move(pid, group);
  }
  return () => {
    move(postmaster, parent);
    for (const pid of readFileSync(join(group, "cgroup.procs"), "utf8").split("\n").map(Number).filter(Boolean)) {
      move(pid, parent);
    }
    rmdirSync(group);
  };
}

/** Major and minor number of the whole disk: the throttle knows no partitions. */
function diskOf(dir: string): string {
  const { dev } = statSync(dir);
  // The kernel's encoding of small numbers: makedev(3).
  const link = `/sys/dev/block/${dev >> 8}:${dev & 0xff}`;
  if (!existsSync(link)) {
    throw new Error(`${dir} is on no disk that can be made slow: set TMPDIR to a directory on one`);
  }
  return readFileSync(join(link, existsSync(join(link, "partition")) ? "../dev" : "dev"), "utf8").trim();
}

function childrenOf(parent: number): number[] {
  const pids = readdirSync("/proc").map(Number).filter(Boolean);
  return pids.filter((pid) => {
    try {
      // proc(5): the fourth field, behind a name in parentheses.
      return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[1]) === parent;
    } catch {
      return false; // ended meanwhile
    }
  });
}
