import type { Command } from "commander";
import { type StackId, stackIds } from "../../infra/naming";
import { exitCodes, SchemagateError } from "../../migrator/errors";
import { requireAnswer, requireApprover } from "../approval";
import { Cdktf, cdktfFailed, requireStacks, requireTerraform } from "../cdktf";
import type { Context } from "../context";
import type { Tell } from "../events";
import { readTarget, type Target } from "../target";
import { findLosses, type Loss } from "../terraform/losses";

interface Flags {
  readonly autoApprove?: boolean;
  readonly removeProtection?: boolean;
  readonly json?: boolean;
}

export function addDestroy(program: Command, context: Context): void {
  program
    .command("destroy")
    .description("take an environment away: app, jobs, platform, in this order, with all data")
    .argument("[environment]", "one of infra/settings/*.ts")
    .argument("[stacks...]", `of ${stackIds.join(", ")}; all when left out`)
    .option("--auto-approve", "do not ask")
    .option("--remove-protection", "of an environment with 'production': its locks go, and what Terraform prevents")
    .option("--json", "print JSON lines")
    .action(async (environment: string | undefined, names: string[], flags: Flags) => {
      const target = readTarget(environment);
      const stacks = requireStacks(names);
      requireTerraform();
      requireUnprotected(target, flags);
      requireApprover(flags.autoApprove, context);
      await destroy(target, [...stacks].reverse(), flags, context);
    });
}

function requireUnprotected({ environment, settings }: Target, { removeProtection }: Flags): void {
  if (!settings.preventDestroy || removeProtection) return;
  throw new SchemagateError({
    code: "protected",
    message:
      `${environment} is protected ('production'): Terraform refuses to destroy what holds data, and the locks ` +
      "'do-not-delete' keep everybody from deleting server and registry",
    hint:
      "Nothing was changed. If its data is saved or not needed: npm run destroy -- " +
      `${environment} --remove-protection takes locks and prevention away with it.`,
    exitCode: exitCodes.refused,
  });
}

async function destroy(target: Target, stacks: readonly StackId[], flags: Flags, context: Context): Promise<void> {
  const { environment } = target;
  const tell = context.teller(flags.json ?? false);
  const { removeProtection: unprotected, json: outputToStderr } = flags;
  const cdktf = new Cdktf({ environment, unprotected, extra: context.extra, outputToStderr });
  await cdktf.synth();
  for (const stack of stacks) {
    tell({ event: "step", step: `destroy ${stack}` });
    await destroyStack(stack, environment, cdktf, flags, context, tell);
  }
  const { state } = target.settings;
  const place = state.backend === "local" ? "local files" : `storage account ${state.storageAccountName}`;
  tell({ event: "destroyed", environment, stacks, state: place });
}

async function destroyStack(
  stack: StackId,
  environment: string,
  cdktf: Cdktf,
  { autoApprove }: Flags,
  context: Context,
  tell: Tell,
): Promise<void> {
  context.signal.throwIfAborted();
  try {
    await cdktf.plan(stack, { destroy: true });
  } catch (thrown) {
    if (!(thrown instanceof SchemagateError && thrown.code === "platform-missing")) throw thrown;
    tell({ event: "warning", message: `${stack} has nothing to destroy: 'platform' is not there` });
    return;
  }
  const losses = findLosses(await cdktf.terraform(stack).readPlan());
  if (!autoApprove && losses.length > 0) await confirm(stack, environment, losses, context);
  const ended = await cdktf.terraform(stack).applyPlan();
  if (ended.exitCode !== 0) throw cdktfFailed(`terraform apply of ${stack}`, ended);
}

async function confirm(stack: StackId, environment: string, losses: readonly Loss[], context: Context): Promise<void> {
  const list = losses.map(({ address, name }) => `  ${address}${name === undefined ? "" : ` (${name})`}`).join("\n");
  const question = `Destroyed with all they hold:\n${list}\nType the environment's name to go on: `;
  await requireAnswer(context, question, environment, `the plan to destroy ${stack}`);
}
