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
  readonly startedAt?: Date;
  /** Arguments of its container, where Azure tells them. */
  readonly arguments?: readonly string[];
}

/** A job for people. */
export function describeJob({ resourceGroup, job }: JobAddress): string {
  return `job ${job} in resource group ${resourceGroup}`;
}

/** Reads the template that a job's executions have when nobody says otherwise. */
export async function readTemplate(azure: Azure, address: JobAddress): Promise<JobExecutionTemplate> {
  const { template } = await azure.request(describeJob(address), ({ containerApps }, abortSignal) =>
    containerApps.jobs.get(address.resourceGroup, address.job, { abortSignal }),
  );
  return template ?? {};
}

/**
 * Asks once for an execution, which every request starts that arrives.
 *
 * @param template in place of the job's own.
 * @returns its name; undefined when Azure accepted it without one.
 * @throws SchemagateError `azure-unclear` when nobody knows whether it began.
 */
export async function requestExecution(
  azure: Azure,
  address: JobAddress,
  template: JobExecutionTemplate | undefined,
): Promise<string | undefined> {
  const { resourceGroup, job } = address;
  return azure.requestOnce(describeJob(address), async ({ containerApps }, abortSignal) => {
    let first: { readonly isAccepted: boolean; readonly execution?: string } | undefined;
    try {
      await containerApps.jobs.beginStart(resourceGroup, job, {
        abortSignal,
        template,
        // The first answer names the execution; what follows is about the operation behind it, which nobody asked for.
        onResponse: ({ status, bodyAsText }) => {
          first ??= { isAccepted: status >= 200 && status < 300, execution: nameIn(bodyAsText) };
        },
      });
    } catch (thrown) {
      if (first?.isAccepted !== true) throw thrown;
    }
    return first?.execution;
  });
}

/** Reads the executions that Azure lists, of which it may not know the last ones yet. */
export async function listExecutions(azure: Azure, { resourceGroup, job }: JobAddress): Promise<ExecutionFacts[]> {
  return azure.request(`executions of job ${job}`, async ({ containerApps }, abortSignal) => {
    const executions: ExecutionFacts[] = [];
    for await (const execution of containerApps.jobsExecutions.list(resourceGroup, job, { abortSignal })) {
      executions.push(toFacts(execution.name ?? "", execution));
    }
    return executions;
  });
}

/** Reads how an execution stands. */
export async function readExecution(
  azure: Azure,
  { resourceGroup, job }: JobAddress,
  execution: string,
): Promise<ExecutionFacts> {
  const facts = await azure.request(`execution ${execution} of job ${job}`, ({ containerApps }, abortSignal) =>
    containerApps.jobExecution(resourceGroup, job, execution, { abortSignal }),
  );
  return toFacts(execution, facts);
}

function toFacts(name: string, { status, startTime, template }: JobExecution): ExecutionFacts {
  return { name, status: status ?? "Unknown", startedAt: startTime, arguments: argumentsOf(template) };
}

/** Arguments of a template's container. */
export function argumentsOf(template: JobExecutionTemplate | undefined): readonly string[] | undefined {
  return template?.containers?.[0]?.args ?? undefined;
}

/**
 * A template with other arguments. The API takes whole containers only, so the rest is sent back as it was read.
 *
 * @throws SchemagateError exit 12 when it has several containers.
 */
export function withArguments(
  template: JobExecutionTemplate,
  args: readonly string[],
  address: JobAddress,
): JobExecutionTemplate {
  const [container, ...others] = template.containers ?? [];
  if (container === undefined || others.length > 0) {
    throw new SchemagateError({
      code: "job-containers",
      message: `${describeJob(address)} has ${template.containers?.length ?? 0} containers, and arguments are for one`,
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
