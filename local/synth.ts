import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { exitCodes, SchemagateError } from "../migrator/errors";

/**
 * Synthesizes the stacks of an environment as the cdktf command line does, by what cdktf.json names as the app, without
 * needing Terraform.
 *
 * @param project directory of cdktf.json.
 * @param signal ends it.
 * @throws usage (exit 2) when there is none; with what the stacks' program printed when that fails.
 */
export async function synthesize(
  environment: string,
  outDir: string,
  project = process.cwd(),
  signal?: AbortSignal,
): Promise<void> {
  // The app is a command line that begins with node: this one, wherever it is.
  const PATH = [dirname(process.execPath), process.env.PATH].filter(Boolean).join(delimiter);
  const env = { ...process.env, PATH, SCHEMAGATE_ENVIRONMENT: environment, CDKTF_OUTDIR: outDir };
  const child = spawn(readApp(project), {
    cwd: project,
    env,
    shell: true,
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const stop = () => stopGroup(child);
  signal?.addEventListener("abort", stop, { once: true });
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  signal?.removeEventListener("abort", stop);
  signal?.throwIfAborted();
  if (code !== 0) {
    throw new SchemagateError({
      code: "synth-failed",
      message: `the stacks of ${environment} cannot be written:\n${output.trim()}`,
      hint: "That is what the project's own program of the stacks says (`app` in cdktf.json): mend what it names.",
      exitCode: exitCodes.usage,
    });
  }
}

/** The shell and what it runs; what they wrote is for nobody then. */
function stopGroup({ pid }: ChildProcess): void {
  try {
    process.kill(process.platform === "win32" ? (pid ?? 0) : -(pid ?? 0), "SIGKILL");
  } catch {
    // It has just ended.
  }
}

/** The command that writes the stacks. */
function readApp(project: string): string {
  const file = join(project, "cdktf.json");
  try {
    const { app }: { app?: unknown } = JSON.parse(readFileSync(file, "utf8"));
    if (typeof app === "string" && app !== "") {
      return app;
    }
    throw new Error("it names no app");
  } catch (cause) {
    throw new SchemagateError({
      code: "no-cdktf-json",
      message: `${file} does not say how the stacks are written: ${(cause as Error).message}`,
      hint: "Run this in the project's root. `schemagate init` makes what is missing.",
      exitCode: exitCodes.usage,
      cause,
    });
  }
}
