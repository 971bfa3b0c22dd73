import type { Command } from "commander";
import { requireEnvironment } from "../../infra/environments";
import { stackIds } from "../../infra/naming";
import { cdktfFor, diffStacks, requireStacks, requireTerraform } from "../cdktf";
import type { Context } from "../context";
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
    .action(async (environment: string | undefined, { image }: Flags) => {
      await cdktfFor({ environment: requireEnvironment(environment, "environment"), image })(["synth", ...extra]);
    });
}

export function addDiff(program: Command, { extra }: Context): void {
  program
    .command("diff")
    .description("show what a deploy would change, stack by stack")
    .argument("[environment]", "one of infra/settings/*.ts")
    .argument("[stacks...]", `of ${stackIds.join(", ")}; all when left out`)
    .addOption(imageOption())
    .action(async (environment: string | undefined, stacks: string[], { image }: Flags) => {
      const run = cdktfFor({ environment: requireEnvironment(environment, "environment"), image });
      const chosen = requireStacks(stacks);
      requireTerraform();
      await diffStacks(run, chosen, extra);
    });
}
