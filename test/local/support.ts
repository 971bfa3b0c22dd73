import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cleanEnvironment, type Ended, jiti, makeDirectory, root, start, waitUntil } from "../support/migrator";

/** A local run under way. */
export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Waits until it has printed what a pattern finds. @returns what that found */
  readonly printed: (pattern: RegExp) => Promise<string>;
}

/** Starts `npm run local` without its build, in a process group of its own, as a terminal does. */
export function startLocal(args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = root): Started {
  const command = [jiti, join(root, "local/main.ts"), ...args];
  const { child, ended } = start(process.execPath, command, cleanEnvironment(env), { cwd, detached: true });
  let output = "";
  let over = false;
  child.stdout?.on("data", (chunk) => {
    output += chunk;
  });
  void ended.then(() => {
    over = true;
  });
  const printed = async (pattern: RegExp) => {
    await waitUntil(async () => over || pattern.test(output), String(pattern));
    const found = pattern.exec(output);
    if (!found) throw new Error(`it ended without ${pattern}: ${output}${(await ended).stderr}`);
    return found[1] ?? found[0];
  };
  return { child, ended, printed };
}

/** What a container of `projectWith` runs: a script for Node. */
export const running = (script: string) => ({ image: "i:1", command: [process.execPath, "-e", script] });

/** A project whose stacks are one Container App, written down as cdktf would. */
export function projectWith(app: object, ...initContainers: readonly object[]): string {
  const project = makeDirectory();
  const write = (file: string, text: string) => writeFileSync(join(project, file), text);
  const template = {
    init_container: initContainers.map((container) => ({ name: "migrate", ...container })),
    container: [{ name: "app", ...app }],
  };
  write(
    "stack.json",
    JSON.stringify({ resource: { azurerm_container_app: { app: { template, ingress: { target_port: 8080 } } } } }),
  );
  write(
    "synth.cjs",
    `const fs = require("node:fs");
     fs.mkdirSync(process.env.CDKTF_OUTDIR + "/stacks/app", { recursive: true });
     fs.copyFileSync("stack.json", process.env.CDKTF_OUTDIR + "/stacks/app/cdk.tf.json");
     fs.appendFileSync("synthesized", process.env.CDKTF_OUTDIR + "\\n");`,
  );
  write("cdktf.json", JSON.stringify({ language: "typescript", app: "node synth.cjs" }));
  return project;
}
