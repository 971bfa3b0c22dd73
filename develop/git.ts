import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Problem, usageError } from "../migrator/errors";

const run = promisify(execFile);

/** Longest output, in bytes: a list of files, or a file. */
const outputLimit = 64 * 1024 * 1024;

/** Runs git in a directory and gives what it prints. */
export async function gitText(dir: string, ...args: readonly string[]): Promise<string> {
  return (await run("git", ["-C", dir, ...args], { maxBuffer: outputLimit })).stdout;
}

/** Runs git in a directory and gives the bytes that it prints. */
export async function gitBytes(dir: string, ...args: readonly string[]): Promise<Buffer> {
  return (await run("git", ["-C", dir, ...args], { maxBuffer: outputLimit, encoding: "buffer" })).stdout;
}

/**
 * Finds the commit at which the working copy's branch left another one.
 *
 * @param base a git ref, such as origin/main.
 * @throws usage (exit 2) when there is no git, no repository, no such ref, or no common history.
 */
export async function findMergeBase(base: string, dir: string): Promise<string> {
  const fail = (message: string, hint: string) => () => {
    throw usageError(badBase(base, message, hint));
  };
  await gitText(dir, "rev-parse", "--git-dir").catch((cause: { code?: unknown }) =>
    cause.code === "ENOENT"
      ? fail("git is not installed", "Install git, or leave --base out.")()
      : fail(`${dir} is in no git repository`, "Run it in a clone, or leave --base out.")(),
  );
  const fetchHint = "Fetch it, with history: in GitHub Actions `fetch-depth: 0` for actions/checkout.";
  const commit = await gitText(dir, "rev-parse", "--verify", "--quiet", "--end-of-options", `${base}^{commit}`).catch(
    fail("git knows no such commit", fetchHint),
  );
  const merged = await gitText(dir, "merge-base", commit.trim(), "HEAD").catch(
    fail("it has no commit in common with HEAD", fetchHint),
  );
  return merged.trim();
}

function badBase(base: string, message: string, hint: string): Problem {
  return { code: "bad-base", message: `--base (${JSON.stringify(base)}): ${message}`, hint };
}
