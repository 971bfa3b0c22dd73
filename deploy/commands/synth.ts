import type { Command } from "commander";
import { type StackId, stackIds } from "../../infra/naming";
import { SchemagateError } from "../../migrator/errors";
import { Cdktf, requireStacks, requireTerraform } from "../cdktf";
import type { Context } from "../context";
import type { Tell } from "../events";
import { readTarget } from "../target";
import { requireNothingLost } from "../terraform/guard";
import { imageOption } from "./options";

interface Flags {
  readonly image?: string;
}

export function addSynth(program: Command, { extra }: Context): void {
  program
    .command("synth")
    .description("write the stacks to cdktf.out")
    .argument("[environment]", "one of infra/settings/*.ts")
    .addOption(imageOption())
    .action(async (name: string | undefined, { image }: Flags) => {
      const { environment } = readTarget(name);
      await new Cdktf({ environment, image, extra }).synth(extra);
    });
}

export function addDiff(program: Command, { extra, teller }: Context): void {
  program
    .command("diff")
    .description("show what a deploy would change, stack by stack, and what it would refuse")
    .argument("[environment]", "one of infra/settings/*.ts")
    .argument("[stacks...]", `of ${stackIds.join(", ")}; all when left out`)
    .addOption(imageOption())
    .action(async (name: string | undefined, stacks: string[], { image }: Flags) => {
      const { environment } = readTarget(name);
      const chosen = requireStacks(stacks);
      requireTerraform();
      const cdktf = new Cdktf({ environment, image, extra });
      await cdktf.synth();
      for (const stack of chosen) await diffStack(stack, cdktf, teller(false));
    });
}

/** What would be refused is told beside the plan; so is a stack that cannot be planned before others are deployed. */
async function diffStack(stack: StackId, cdktf: Cdktf, tell: Tell): Promise<void> {
  try {
    await cdktf.plan(stack);
    requireNothingLost(stack, await cdktf.terraform(stack).readPlan(), []);
  } catch (thrown) {
    const code = thrown instanceof SchemagateError ? thrown.code : undefined;
    if (code === "would-lose-data" || code === "update-refused") {
      tell({ event: "warning", message: `deploy would refuse this: ${(thrown as Error).message}` });
    } else if (code === "platform-missing" && stack !== "platform") {
      tell({
        event: "warning",
        message: `${stack} can be planned once 'platform' is deployed: it is all new until then`,
      });
    } else {
      throw thrown;
    }
  }
}
