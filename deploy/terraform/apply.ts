import type { StackId } from "../../infra/naming";
import { exitCodes, SchemagateError } from "../../migrator/errors";
import { requireAnswer } from "../approval";
import { type Cdktf, cdktfFailed } from "../cdktf";
import type { Context } from "../context";
import type { Tell } from "../events";
import { type Existing, findExisting } from "./existing";
import { requireNothingLost } from "./guard";
import { changesAnything, type Plan } from "./plan";
import { findWithoutEffect } from "./without-effect";

export interface ApplyOptions {
  readonly cdktf: Cdktf;
  readonly context: Context;
  readonly tell: Tell;
  readonly autoApprove?: boolean;
  /** Take into the state what Azure has already. @default - ask; without a terminal, say how */
  readonly import?: boolean;
  /** Addresses of resources that may be destroyed or replaced. */
  readonly allowReplace: readonly string[];
  /** Is shown the plan before it is applied. @default - nobody is */
  readonly beforeApply?: (plan: Plan) => Promise<void>;
}

/**
 * Plans a stack, reads the plan, has it approved and applies that one.
 *
 * What Azure has and the state does not, because a creation was cut off, is taken into the state, and the stack planned
 * again.
 * @throws SchemagateError exit 4 when the plan takes away what holds data, 9 when cdktf or Terraform fails.
 */
export async function applyStack(stack: StackId, options: ApplyOptions): Promise<void> {
  const imported = new Set<string>();
  for (;;) {
    const { cdktf, context, tell, allowReplace } = options;
    context.signal.throwIfAborted();
    await cdktf.plan(stack);
    const plan = await cdktf.terraform(stack).readPlan();
    requireNothingLost(stack, plan, allowReplace);
    for (const { address, attribute, wanted, is, how } of findWithoutEffect(cdktf.configurationOf(stack), plan)) {
      const message = `${address}: ${attribute} (${wanted}) does nothing: it is ${is} in Azure, and stays so; ${how}`;
      tell({ event: "warning", message });
    }
    await requireApproval(stack, plan, options);
    await options.beforeApply?.(plan);
    const ended = await cdktf.terraform(stack).applyPlan();
    if (ended.exitCode === 0) return;
    context.signal.throwIfAborted();
    const existing = findExisting(ended.output, plan).filter(({ address }) => !imported.has(address));
    if (existing.length === 0) throw cdktfFailed(`terraform apply of ${stack}`, ended);
    await importAll(stack, existing, options);
    for (const { address } of existing) imported.add(address);
  }
}

async function requireApproval(stack: StackId, plan: Plan, { autoApprove, context }: ApplyOptions): Promise<void> {
  if (autoApprove || !changesAnything(plan)) return;
  await requireAnswer(context, `Apply this plan of ${stack}? Only 'yes' does: `, "yes", `the plan of ${stack}`);
}

async function importAll(stack: StackId, existing: readonly Existing[], options: ApplyOptions): Promise<void> {
  if (!(await mayImport(existing, options))) throw notImported(stack, existing);
  for (const { address, id } of existing) {
    options.context.signal.throwIfAborted();
    const ended = await options.cdktf.terraform(stack).import(address, id);
    if (ended.exitCode !== 0) throw cdktfFailed(`terraform import of ${address}`, ended);
    options.tell({ event: "imported", address, id });
  }
}

async function mayImport(existing: readonly Existing[], options: ApplyOptions): Promise<boolean> {
  if (options.import) return true;
  const list = existing.map(({ address, id }) => `  ${address}: ${id}`).join("\n");
  const answer = await options.context.ask?.(
    `Azure has these already, and the state does not know them:\n${list}\n` +
      "Take them into the state, if they are this environment's? Only 'yes' does: ",
  );
  return answer?.trim() === "yes";
}

function notImported(stack: StackId, existing: readonly Existing[]): SchemagateError {
  const commands = existing.map(({ address, id }) => `  terraform import -input=false '${address}' '${id}'`);
  return new SchemagateError({
    code: "already-exists",
    message: [
      `Azure has what ${stack} is to create, and its state does not know it: a deployment was cut off, or it is somebody ` +
        "else's:",
      ...commands,
    ].join("\n"),
    hint:
      "If it is this environment's, run the same command with --import: it does the imports above and goes on. What was " +
      "applied before stays and is in the state.",
    exitCode: exitCodes.deployFailed,
  });
}
