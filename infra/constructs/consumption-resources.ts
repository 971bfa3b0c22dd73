import { Op, Token } from "cdktf";
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
  // Arithmetic on a placeholder gives another number, not a placeholder: Terraform has to do it.
  return `${Token.isUnresolved(cpu) ? Op.mul(cpu, memoryGiPerCpu) : cpu * memoryGiPerCpu}Gi`;
}

/** Refuses app containers whose sum the Consumption profile does not offer. */
export function requireConsumptionPair(
  containers: readonly ContainerResources[],
  construct: string,
  props = { cpu: "cpu", memory: "memory" },
): void {
  const total = sumOf(containers, construct);
  if (total === undefined) return;
  const { cpu, memoryGi } = total;

  if (cpu < minCpu || cpu > maxCpu || !Number.isInteger(cpu / cpuStep)) {
    throw new ConfigurationError(
      `${construct}: the app's containers ask for ${cpu} vCPU: the Consumption profile offers ${minCpu} to ${maxCpu} ` +
        `in steps of ${cpuStep}. Change '${props.cpu}'`,
    );
  }
  if (memoryGi !== cpu * memoryGiPerCpu) {
    throw new ConfigurationError(
      `${construct}: the app's containers ask for ${cpu} vCPU and ${memoryGi}Gi: with ${cpu} vCPU the Consumption ` +
        `profile offers ${memoryFor(cpu)} only. Set '${props.memory}' to ${memoryFor(cpu)} or leave it out`,
    );
  }
}

/**
 * Refuses an init container that asks for nothing, or for more than the app's containers together.
 *
 * @param props what its cpu and memory are called where they are set.
 */
export function requireInitContainerFits(
  initContainer: ContainerResources,
  containers: readonly ContainerResources[],
  props: { readonly cpu: string; readonly memory: string },
  construct: string,
): void {
  const init = sumOf([initContainer], construct);
  const total = sumOf(containers, construct);
  if (init === undefined || total === undefined) return;

  if (init.cpu <= 0 || init.memoryGi <= 0) {
    throw new ConfigurationError(
      `${construct}: the init container asks for ${init.cpu} vCPU and ${init.memoryGi}Gi: unset resources get defaults ` +
        `that break later updates. Set '${props.cpu}' and '${props.memory}' above zero`,
    );
  }
  if (init.cpu > total.cpu) {
    throw new ConfigurationError(
      `${construct}: '${props.cpu}' (${init.cpu}) is more than the app's containers ask for together (${total.cpu}): the ` +
        `service refuses such a revision. Lower '${props.cpu}' or raise 'cpu'`,
    );
  }
  if (init.memoryGi > total.memoryGi) {
    throw new ConfigurationError(
      `${construct}: '${props.memory}' (${init.memoryGi}Gi) is more than the app's containers ask for together ` +
        `(${total.memoryGi}Gi): the service refuses such a revision. Lower '${props.memory}' or raise 'memory'`,
    );
  }
}

/** Undefined when a value is known only at deploy time. */
function sumOf(
  containers: readonly ContainerResources[],
  construct: string,
): { readonly cpu: number; readonly memoryGi: number } | undefined {
  if (containers.some(({ cpu, memory }) => Token.isUnresolved(cpu) || Token.isUnresolved(memory))) return undefined;
  const sum = (values: readonly number[]) => withoutNoise(values.reduce((total, value) => total + value, 0));
  return {
    cpu: sum(containers.map(({ cpu }) => cpu)),
    memoryGi: sum(containers.map(({ memory }) => parseGi(memory, construct))),
  };
}

/** 0.3 + 0.6 + 0.1 is 0.9999999999999999; thousandths are finer than any step that is sold. */
function withoutNoise(value: number): number {
  return Number(value.toFixed(3));
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
