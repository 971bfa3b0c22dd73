import type { JobExecution, JobExecutionTemplate } from "@azure/arm-appcontainers";
import { exitCodes, SchemagateError } from "../../migrator/errors";
import type { Azure } from "./azure";

/** Where a job is. */
export interface JobAddress {
  readonly resourceGroup: string;
  readonly job: string;
}

/** What the resource manager says of one run of a job. */
export interface ExecutionFacts {
  readonly name: string;
  /** Running, Processing, Succeeded, Failed, Stopped, Degraded, Unknown. */
  readonly status: string;
}

/**
 * Starts a job with other arguments, everything else as its template has it. The API takes whole containers only, so the
 * template is read and sent back.
 *
 * @param args arguments of the migrator; none for the template's own.
 * @returns name of the execution.
 */
export async function startJob(
  azure: Azure,
  { resourceGroup, job }: JobAddress,
  args: readonly string[],
): Promise<string> {
  const what = `job ${job} in resource group ${resourceGroup}`;
  const { template } = await azure.request(what, ({ containerApps }, abortSignal) =>
    containerApps.jobs.get(resourceGroup, job, { abortSignal }),
  );
  const overriding = args.length === 0 ? undefined : withArguments(template ?? {}, args, what);
  let execution: string | undefined;
  const started = await azure.request(what, async ({ containerApps }, abortSignal) => {
    const poller = await containerApps.jobs.beginStart(resourceGroup, job, {
      abortSignal,
      template: overriding,
      // The first answer names the execution; the operation behind it is over only once it runs.
      onResponse: ({ bodyAsText }) => {
        execution ??= nameIn(bodyAsText);
      },
    });
    return execution ?? (await poller.pollUntilDone({ abortSignal })).name;
  });
  if (started !== undefined) return started;
  throw new SchemagateError({
    code: "job-unnamed",
    message: `Azure started ${what} without saying under which name`,
    hint: `Find it with 'az containerapp job execution list --name ${job} --resource-group ${resourceGroup}'.`,
    exitCode: exitCodes.connection,
  });
}

/** Reads how an execution stands. */
export async function readExecution(
  azure: Azure,
  { resourceGroup, job }: JobAddress,
  execution: string,
): Promise<ExecutionFacts> {
  const facts: JobExecution = await azure.request(
    `execution ${execution} of job ${job}`,
    ({ containerApps }, abortSignal) => containerApps.jobExecution(resourceGroup, job, execution, { abortSignal }),
  );
  return { name: execution, status: facts.status ?? "Unknown" };
}

function withArguments(template: JobExecutionTemplate, args: readonly string[], what: string): JobExecutionTemplate {
  const [container, ...others] = template.containers ?? [];
  if (container === undefined || others.length > 0) {
    throw new SchemagateError({
      code: "job-containers",
      message: `${what} has ${template.containers?.length ?? 0} containers, and arguments are for one`,
      hint: "Deploy the stack 'jobs' again; something else changed the job.",
      exitCode: exitCodes.notDeployed,
    });
  }
  const { image, name, command, env, resources } = container;
  return {
    containers: [
      {
        image,
        name,
        command,
        args: [...args],
        env,
        resources: resources && { cpu: resources.cpu, memory: resources.memory },
      },
    ],
  };
}

function nameIn(body: string | null | undefined): string | undefined {
  try {
    const { name, id }: { name?: string; id?: string } = JSON.parse(body || "{}");
    return id?.includes("/executions/") ? name : undefined;
  } catch {
    return undefined;
  }
}
