import type { Command } from "commander";
import { type Context, openAzure } from "../context";
import type { GateResult, Tell } from "../events";
import type { Release } from "../gate/find-revision";
import { passGate } from "../gate/gate";
import { namesOf } from "../release/pin";
import { readTarget, releaseImage, type Target, workspaceId } from "../target";
import { addGateOptions, type GateFlags, imageOption } from "./options";

interface Flags extends GateFlags {
  readonly image?: string;
}

/** Azure makes the revision before it answers a deployment; a pipeline that applies by other means may ask too early. */
const appearMs = 60_000;

export function addGate(program: Command, context: Context, end: (exitCode: number) => void): void {
  const command = program
    .command("gate")
    .description("wait until the revision of this release is healthy or has failed, and say why")
    .argument("[environment]", "one of infra/settings/*.ts")
    .addOption(imageOption());
  addGateOptions(command).action(async (environment: string | undefined, flags: Flags) => {
    const target = readTarget(environment);
    const tell = context.teller(flags.json ?? false);
    const images = await namesOf(target, releaseImage(target, flags.image, context.env));
    end((await runGate(target, { images }, flags, context, tell)).exitCode);
  });
}

/** Runs the gate for a release and tells how it ended. */
export async function runGate(
  target: Target,
  release: Release,
  flags: GateFlags,
  context: Context,
  tell: Tell,
): Promise<GateResult> {
  const { azure, subscriptionId } = await openAzure(target, context, tell, flags.pollInterval * 1_000);
  const result = await passGate(azure, {
    ...release,
    target,
    resourceGroup: target.resourceGroup,
    containerApp: target.containerApp,
    workspaceId: workspaceId(target, subscriptionId),
    timeoutMs: (flags.timeout ?? target.settings.gate.timeoutSeconds) * 1_000,
    appearMs,
    pollMs: flags.pollInterval * 1_000,
    maxRestarts: flags.maxRestarts,
    logWaitMs: flags.logWait * 1_000,
    deactivate: flags.deactivate ?? false,
    tell,
  });
  tell(result);
  return result;
}
