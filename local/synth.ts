import { spawn } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "..");

/**
 * Synthesizes the stacks of an environment, as the cdktf command line does, without needing Terraform.
 *
 * @throws Error with what the stacks' program printed.
 */
export async function synthesize(environment: string, outDir: string): Promise<void> {
  const env = { ...process.env, SCHEMAGATE_ENVIRONMENT: environment, CDKTF_OUTDIR: outDir };
  const child = spawn(process.execPath, [join(root, "scripts/run-infra.cjs")], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) {
    throw new Error(`the stacks of ${environment} cannot be synthesized:\n${output.trim()}`);
  }
}
