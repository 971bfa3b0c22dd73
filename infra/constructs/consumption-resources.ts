import { Token } from "cdktf";
import { ConfigurationError } from "../errors";

/** What one container asks for. */
export interface ContainerResources {
  /** vCPU. */
  readonly cpu: number;
  /** With its unit: `1Gi`. */
  readonly memory: string;
}

// What the Consumption profile sells per replica: 0.25 to 4 vCPU in steps of 0.25, with twice as much memory in GiB.
const minCpu = 0.25;
const maxCpu = 4;
const cpuStep = 0.25;
const memoryGiPerCpu = 2;

/** The memory that goes with so much CPU. */
export function memoryFor(cpu: number): string {
  return `${cpu * memoryGiPerCpu}Gi`;
}

/** Refuses app containers whose sum the Consumption profile does not offer. */
export function requireConsumptionPair(containers: readonly ContainerResources[], construct: string): void {
  const total = sumOf(containers, construct);
  if (total === undefined) return;
  const { cpu, memoryGi } = total;

  if (cpu < minCpu || cpu > maxCpu || !Number.isInteger(cpu / cpuStep)) {
    throw new ConfigurationError(
      `${construct}: the app's containers ask for ${cpu} vCPU: the Consumption profile offers ${minCpu} to ${maxCpu} ` +
        `in steps of ${cpuStep}. Change 'cpu'`,
    );
  }
  if (memoryGi !== cpu * memoryGiPerCpu) {
    throw new ConfigurationError(
      `${construct}: the app's containers ask for ${cpu} vCPU and ${memoryGi}Gi: with ${cpu} vCPU the Consumption ` +
        `profile offers ${memoryFor(cpu)} only. Set 'memory' to ${memoryFor(cpu)} or leave it out`,
    );
  }
}

/** Refuses an init container that asks for nothing, or for more than the app's containers together. */
export function requireInitContainerFits(
  initContainer: ContainerResources,
  containers: readonly ContainerResources[],
  construct: string,
): void {
  const init = sumOf([initContainer], construct);
  const total = sumOf(containers, construct);
  if (init === undefined || total === undefined) return;

  if (init.cpu <= 0 || init.memoryGi <= 0) {
    throw new ConfigurationError(
      `${construct}: the init container asks for ${init.cpu} vCPU and ${init.memoryGi}Gi: unset resources get defaults ` +
        "that break later updates. Set 'migrateCpu' and 'migrateMemory' above zero",
    );
  }
  if (init.cpu > total.cpu) {
    throw new ConfigurationError(
      `${construct}: 'migrateCpu' (${init.cpu}) is more than the app's containers ask for together (${total.cpu}): the ` +
        "service refuses such a revision. Lower 'migrateCpu' or raise 'cpu'",
    );
  }
  if (init.memoryGi > total.memoryGi) {
    throw new ConfigurationError(
      `${construct}: 'migrateMemory' (${init.memoryGi}Gi) is more than the app's containers ask for together ` +
        `(${total.memoryGi}Gi): the service refuses such a revision. Lower 'migrateMemory' or raise 'memory'`,
    );
  }
}

/** Undefined when a value is known only at deploy time. */
function sumOf(
  containers: readonly ContainerResources[],
  construct: string,
): { readonly cpu: number; readonly memoryGi: number } | undefined {
  if (containers.some(({ cpu, memory }) => Token.isUnresolved(cpu) || Token.isUnresolved(memory))) return undefined;
  return containers.reduce(
    (sum, { cpu, memory }) => ({ cpu: sum.cpu + cpu, memoryGi: sum.memoryGi + parseGi(memory, construct) }),
    { cpu: 0, memoryGi: 0 },
  );
}

function parseGi(memory: string, construct: string): number {
  const match = /^(\d+(?:\.\d+)?)Gi$/.exec(memory);
  if (match === null) {
    throw new ConfigurationError(
      `${construct}: memory (${memory}) must be a number of GiB with its unit. Write for instance '1Gi' or '0.5Gi'`,
    );
  }
  return Number(match[1]);
}
