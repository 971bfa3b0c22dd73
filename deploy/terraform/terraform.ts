import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { exitCodes, SchemagateError } from "../../migrator/errors";
import { type Ended, follow } from "../process-output";
import type { Plan } from "./plan";

/** Where cdktf leaves the plan of a stack, in the stack's directory. */
const planFile = "plan";

/** Terraform in the directory of one stack, which cdktf has written and initialized. */
export class Terraform {
  /**
   * @param directory of the stack: `cdktf.out/stacks/platform`.
   * @param env variables, cdktf's among them.
   * @param print where its output goes while it runs.
   */
  constructor(
    private readonly directory: string,
    private readonly env: NodeJS.ProcessEnv,
    private readonly print: (text: string) => void,
  ) {}

  /** @returns the plan that cdktf made last. @throws SchemagateError exit 9 when it cannot be read. */
  async readPlan(): Promise<Plan> {
    const { exitCode, stdout, output } = await this.run(["show", "-json", planFile], () => {});
    if (exitCode === 0) {
      try {
        return JSON.parse(stdout);
      } catch {
        // Said below, like any other failure.
      }
    }
    throw new SchemagateError({
      code: "plan-unreadable",
      message: `the plan in ${this.directory} cannot be read: 'terraform show -json ${planFile}' ended with ${exitCode}`,
      hint: `Nothing was applied. Run it there to see why.${exitCode === 0 ? "" : ` It said: ${lastLine(output)}`}`,
      exitCode: exitCodes.deployFailed,
    });
  }

  /** Applies the plan that cdktf made last, and no other. */
  async applyPlan(): Promise<Ended> {
    try {
      return await this.run(["apply", "-input=false", ...this.colour(), planFile], this.print);
    } finally {
      // It holds what the state holds, and is good for one run.
      rmSync(join(this.directory, planFile), { force: true });
    }
  }

  /** Takes something that is there into the state. */
  async import(address: string, id: string): Promise<Ended> {
    return this.run(["import", "-input=false", ...this.colour(), address, id], this.print);
  }

  private colour(): string[] {
    return process.stdout.isTTY && !this.env.NO_COLOR ? [] : ["-no-color"];
  }

  private run(args: readonly string[], print: (text: string) => void): Promise<Ended> {
    // The variable is cdktf's own.
    const binary = this.env.TERRAFORM_BINARY_NAME || "terraform";
    const child = spawn(binary, args, { cwd: this.directory, env: this.env, stdio: ["ignore", "pipe", "pipe"] });
    return follow(child, print);
  }
}

function lastLine(output: string): string {
  return output.trim().split("\n").at(-1) ?? "";
}
