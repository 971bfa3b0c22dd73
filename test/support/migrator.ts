import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";

/** Root of the project. */
export const root = join(__dirname, "../..");

/** The bin, as package.json names it. */
export const bin = join(root, "dist/cli.js");

/** Runs TypeScript files, as the npm scripts do. */
export const jiti = join(root, "node_modules/jiti/lib/jiti-cli.mjs");

/** How a process ended. */
export interface Ended {
  /** Exit code, or null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of a run: nothing of ours that names a database or sets an option. */
export function cleanEnvironment(env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(PG|DATABASE_|SCHEMAGATE_|NODE_ENV$|JEST_)/.test(name),
  );
  return { ...Object.fromEntries(kept), ...env };
}

/**
 * Runs the bin's command line within this process: what its bundles print and end with, without the time that a process
 * takes to start. For what is the process's own there is `runBin`: its signals, memory and end, variables that Node or a
 * library reads by itself, a module that was edited after it was loaded.
 */
export async function runMigrator(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended> {
  const { runCommandLine }: typeof import("../../migrator/cli/cli") = nodeRequire(join(root, "dist/chunks/start.js"));
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const printed = Promise.all([text(stdout), text(stderr)]);
  const { signal } = new AbortController();
  const surroundings = { env: cleanEnvironment(env), stdin: Readable.from([]), stdout, stderr, signal };
  const code = await runCommandLine(args, surroundings).finally(() => [stdout, stderr].map((stream) => stream.end()));
  const [out, err] = await printed;
  return { code, stdout: out, stderr: err };
}

/** Runs the real bin to its end. */
export function runBin(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended> {
  return startMigrator(args, env).ended;
}

/** Starts the real bin. */
export function startMigrator(
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
): { child: ChildProcess; ended: Promise<Ended> } {
  return start(process.execPath, [bin, ...args], cleanEnvironment(env));
}

/** Starts a process and collects what it prints. */
export function start(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { stdin = "ignore", ...options }: { cwd?: string; detached?: boolean; stdin?: "ignore" | "pipe" } = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(command, args, { cwd: root, ...options, env, stdio: [stdin, "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended };
}

/** How a command in words names the database that it acts on. */
const targetLine =
  /^(?:scratch databases beside )?database "[^"]*" at \S+:\d+ as "[^"]+"$|^embedded PostgreSQL in \S+ \(database "app"\)$/;

/** A run in words, its standard output without the first line: that one must name the database. */
export async function behindTarget(running: Promise<Ended>): Promise<Ended> {
  const ended = await running;
  const [first = "", ...rest] = ended.stdout.split("\n");
  if (targetLine.test(first)) {
    return { ...ended, stdout: rest.join("\n") };
  }
  if (ended.code === 0 && !first.startsWith("{")) {
    throw new Error(`the first line names no database: ${first}`);
  }
  return ended;
}

/** The JSON lines of an output. */
export function jsonLines(output: string): Record<string, unknown>[] {
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}

/** Makes a directory that is removed after the tests. */
export function makeDirectory(): string {
  return mkdtempSync(join(process.env.SCHEMAGATE_TEST_TMP ?? tmpdir(), "dir-"));
}

/** Writes files into a new directory. */
export function writeMigrations(files: Readonly<Record<string, string | Buffer>>): string {
  const dir = makeDirectory();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true });
    writeFileSync(join(dir, name), content);
  }
  return dir;
}

/** For what never comes; shorter than Jest's own limit, which would not say what did not. */
const giveUpMs = 300_000;

/** Waits until a condition holds, however busy the machine is. */
export async function waitUntil(condition: () => Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + giveUpMs;
  while (performance.now() < end) {
    if (await condition()) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} did not happen within ${giveUpMs / 1_000} s`);
}
