import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/**
 * Whether everything that listens on a port is a process or one of its descendants; undefined where the system does not tell
 * (it does on Linux), or nothing listens.
 */
export function isListening(port: number, processes: readonly number[]): boolean | undefined {
  const sockets = listeningSockets(port);
  if (sockets.length === 0) {
    return undefined;
  }
  const own = new Set(withDescendants(processes).flatMap(socketsOf));
  return sockets.every((socket) => own.has(socket));
}

/** Inodes of the sockets that listen (proc(5): /proc/net/tcp, local_address in hexadecimal, st 0A). */
function listeningSockets(port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) =>
    read(file)
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local = "", , state]) => local.endsWith(suffix) && state === "0A")
      .map((fields) => fields[9] ?? ""),
  );
}

function withDescendants(processes: readonly number[]): number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    // Behind the command's name, which may hold anything: state and parent.
    .map((pid) => ({
      pid: Number(pid),
      parent: Number(
        read(`/proc/${pid}/stat`)
          .replace(/^.*\) \S /s, "")
          .split(" ")[0],
      ),
    }));
  const found = [...processes];
  for (const known of found) {
    found.push(...parents.filter(({ parent, pid }) => parent === known && !found.includes(pid)).map(({ pid }) => pid));
  }
  return found;
}

function socketsOf(pid: number): string[] {
  const directory = `/proc/${pid}/fd`;
  return listed(directory).flatMap((name) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`${directory}/${name}`))?.[1] ?? [];
    } catch {
      // Closed since.
      return [];
    }
  });
}

function listed(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
