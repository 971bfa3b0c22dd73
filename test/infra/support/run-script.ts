import { spawn } from "node:child_process";
import { jiti, root } from "../../support/migrator";

export const projectDirectory = root;

export interface Result {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a TypeScript file of this project in a process of its own, as the npm scripts do. */
export function runScript(
  script: string,
  scriptArguments: readonly string[],
  variables: Readonly<Record<string, string | undefined>> = {},
): Promise<Result> {
  return runNode([jiti, script, ...scriptArguments], variables);
}

/** This environment with variables of a test's own; undefined for one that is not to be there. */
export function environmentOf(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  // A developer's Terraform settings are not the test's business; a file that is missing is even complained about.
  const env = { ...process.env, SCHEMAGATE_ENVIRONMENT: undefined, TF_CLI_CONFIG_FILE: undefined, ...variables };
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

export function runNode(
  nodeArguments: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
  cwd = projectDirectory,
): Promise<Result> {
  const child = spawn(process.execPath, nodeArguments, { cwd, env: environmentOf(variables) });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
