import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { usageError } from "../../migrator/errors";
import type { RuleName } from "./rules";
import { ruleOfSquawk, squawkExcluded } from "./squawk-rules";

/** A text to check, and whether it runs in a transaction. */
export interface SquawkInput {
  readonly sql: string;
  readonly transaction: boolean;
}

/** What squawk found in a text. */
export interface SquawkRemark {
  readonly rule: RuleName;
  readonly message: string;
  readonly help?: string;
  /** From 0, as its column, which counts bytes. */
  readonly line: number;
  readonly column: number;
}

/** The version whose rules squawk knows best: the newest it has. */
const pgVersion = "18.0";

/** Longest output of a call, in bytes; a finding takes about 500. */
const outputLimit = 256 * 1024 * 1024;

const folders = { true: "transaction", false: "alone" } as const;

/**
 * Checks many texts in one process, two where some run in a transaction and others do not.
 *
 * @returns per text what was found, only of the rules that stand for one of ours.
 * @throws usage (exit 2) when squawk is not installed or cannot run.
 */
export async function askSquawk(inputs: readonly SquawkInput[], signal?: AbortSignal): Promise<SquawkRemark[][]> {
  const binary = findSquawk();
  const dir = await mkdtemp(join(tmpdir(), "schemagate-lint-"));
  try {
    await writeInputs(dir, inputs);
    const found = inputs.map((): SquawkRemark[] => []);
    for (const transaction of [true, false]) {
      if (inputs.some((input) => input.transaction === transaction)) {
        collect(await run(binary, dir, transaction, signal), found);
      }
    }
    return found;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function writeInputs(dir: string, inputs: readonly SquawkInput[]): Promise<void> {
  for (const folder of Object.values(folders)) {
    await mkdir(join(dir, folder));
  }
  // A configuration of its own, or squawk would look for one in the directories above.
  await writeFile(join(dir, ".squawk.toml"), "");
  for (const [index, { sql, transaction }] of inputs.entries()) {
    await writeFile(join(dir, folders[`${transaction}`], `${index}.sql`), sql);
  }
}

function run(binary: string, dir: string, transaction: boolean, signal?: AbortSignal): Promise<string> {
  const args = [
    ...["--config", join(dir, ".squawk.toml"), "--reporter", "json", "--pg-version", pgVersion],
    ...["--exclude", squawkExcluded.join(",")],
    ...(transaction ? ["--assume-in-transaction"] : []),
    // A pattern, not a list of files: a command line has a limit.
    `${folders[`${transaction}`]}/*.sql`,
  ];
  return new Promise((resolve, reject) => {
    execFile(binary, args, { cwd: dir, maxBuffer: outputLimit, signal }, (error, stdout, stderr) => {
      // 1 is "found something", which comes with its list.
      if (error && !(error.code === 1 && stdout.trimStart().startsWith("["))) {
        reject(signal?.aborted ? signal.reason : notWorking(binary, stderr.trim() || error.message));
        return;
      }
      resolve(stdout);
    });
  });
}

interface Reported {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly help: string | null;
  readonly rule_name: string;
}

function collect(output: string, found: readonly SquawkRemark[][]): void {
  for (const { file, line, column, message, help, rule_name } of JSON.parse(output || "[]") as Reported[]) {
    const rule = ruleOfSquawk(rule_name);
    if (rule) {
      found[Number.parseInt(basename(file), 10)]?.push({ rule, message, help: help ?? undefined, line, column });
    }
  }
}

/** Its npm package knows where the platform's binary is. It is looked for beside this file, then in the working copy. */
function findSquawk(): string {
  // Not require(): the bundler would take it in.
  const load = createRequire(__filename);
  try {
    const path = load.resolve("squawk-cli/js/index.js", { paths: [__dirname, process.cwd()] });
    return (load(path) as { getBinaryPath: () => string }).getBinaryPath();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw usageError({
      code: "no-squawk",
      message: `lint needs squawk, which is not installed for ${process.platform}-${process.arch}: ${message}`,
      hint: "Run `npm install --save-dev squawk-cli`, with optional dependencies: its binary is one.",
    });
  }
}

function notWorking(binary: string, reason: string) {
  return usageError({
    code: "squawk-failed",
    message: `squawk did not run (${binary}): ${reason}`,
    hint: "Install it again: `npm install --save-dev squawk-cli`.",
  });
}
