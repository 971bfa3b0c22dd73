import type { Command } from "commander";
import { type Context, openAzure } from "../context";
import type { JobResult, Tell } from "../events";
import { runJob } from "../job/run";
import { readTarget, type Target, workspaceId } from "../target";
import { addWaitOptions, type WaitFlags } from "./options";

export function addJob(program: Command, context: Context, end: (exitCode: number) => void): void {
  const command = program
    .command("job")
    .description("run a command of the migrator inside the network, follow it, and end with its exit code")
    .argument("[environment]", "one of infra/settings/*.ts")
    .argument("[arguments...]", "of the migrator: status, 'up --to NAME', 'history --verbose', …")
    // What stands behind the environment belongs to the migrator, its options too.
    .passThroughOptions();
  addWaitOptions(command, "job.timeoutSeconds of the settings").action(
    async (environment: string | undefined, args: string[], flags: WaitFlags) => {
      const target = readTarget(environment);
      const tell = context.teller(flags.json ?? false);
      const job = { name: target.migrationJob, arguments: [...args, ...context.extra], linesMatter: true };
      end((await runJobOf(target, job, flags, context, tell)).exitCode);
    },
  );
}

/** Runs one of an environment's jobs and tells how it ended. */
export async function runJobOf(
  target: Target,
  job: { readonly name: string; readonly arguments: readonly string[]; readonly linesMatter: boolean },
  flags: WaitFlags,
  context: Context,
  tell: Tell,
): Promise<JobResult> {
  const { azure, subscriptionId } = await openAzure(target, context, tell, flags.pollInterval * 1_000);
  const result = await runJob(azure, {
    target,
    job: job.name,
    arguments: job.arguments,
    linesMatter: job.linesMatter,
    resourceGroup: target.resourceGroup,
    workspaceId: workspaceId(target, subscriptionId),
    timeoutMs: (flags.timeout ?? target.settings.job.timeoutSeconds) * 1_000,
    pollMs: flags.pollInterval * 1_000,
    logWaitMs: flags.logWait * 1_000,
    tell,
  });
  tell(result);
  return result;
}
