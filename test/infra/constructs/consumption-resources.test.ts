import {
  type ContainerResources,
  memoryFor,
  requireConsumptionPair,
  requireInitContainerFits,
} from "../../../infra/constructs/consumption-resources";
import { unknownNumber, unknownText } from "../support/app-props";

const steps = Array.from({ length: 16 }, (_, index) => (index + 1) * 0.25);

it.each(steps)("offers %d vCPU with twice as much memory", (cpu) => {
  expect(() => requireConsumptionPair([{ cpu, memory: memoryFor(cpu) }], "app")).not.toThrow();
});

it("judges the sum of the containers, not each of them", () => {
  const half = { cpu: 0.375, memory: "0.75Gi" };
  expect(() => requireConsumptionPair([half, half], "app")).not.toThrow();
  expect(() => requireConsumptionPair([half], "app")).toThrow("app: the app's containers ask for 0.375 vCPU");
});

it("adds as people do, not as binary fractions do", () => {
  const containers = [0.3, 0.6, 0.1].map((cpu) => ({ cpu, memory: memoryFor(cpu) }));
  expect(() => requireConsumptionPair(containers, "app")).not.toThrow();
});

it.each([0, 0.1, 0.3, 4.25, 8])("fails when the app asks for %d vCPU", (cpu) => {
  expect(() => requireConsumptionPair([{ cpu, memory: "1Gi" }], "app")).toThrow(
    `app: the app's containers ask for ${cpu} vCPU: the Consumption profile offers 0.25 to 4 in steps of 0.25. Change 'cpu'`,
  );
});

it("fails when memory is not twice the cpu", () => {
  expect(() => requireConsumptionPair([{ cpu: 1, memory: "1.5Gi" }], "app")).toThrow(
    "app: the app's containers ask for 1 vCPU and 1.5Gi: with 1 vCPU the Consumption profile offers 2Gi only",
  );
});

it.each(["1", "512Mi", "1 Gi", ""])("fails when memory is written as '%s'", (memory) => {
  expect(() => requireConsumptionPair([{ cpu: 0.5, memory }], "app")).toThrow(
    `app: memory (${memory}) must be a number of GiB with its unit. Write for instance '1Gi' or '0.5Gi'`,
  );
});

describe("the init container", () => {
  const app = { cpu: 0.5, memory: "1Gi" };
  const props = { cpu: "migrateCpu", memory: "migrateMemory" };
  const checking = (init: ContainerResources, ...containers: readonly ContainerResources[]) => {
    return () => requireInitContainerFits(init, containers, props, "app");
  };

  it("may ask for as much as the app's containers together", () => {
    expect(checking({ cpu: 1, memory: "2Gi" }, app, app)).not.toThrow();
  });

  it("fails when it asks for more cpu", () => {
    expect(checking({ cpu: 0.75, memory: "1Gi" }, app)).toThrow(
      "app: 'migrateCpu' (0.75) is more than the app's containers ask for together (0.5): the service refuses such a " +
        "revision. Lower 'migrateCpu' or raise 'cpu'",
    );
  });

  it("fails when it asks for more memory", () => {
    expect(checking({ cpu: 0.5, memory: "1.5Gi" }, app)).toThrow(
      "app: 'migrateMemory' (1.5Gi) is more than the app's containers ask for together (1Gi): the service refuses such a " +
        "revision. Lower 'migrateMemory' or raise 'memory'",
    );
  });

  it.each([
    [0, "0.5Gi", 0.5],
    [0.25, "0Gi", 0],
  ])("fails when it asks for %d vCPU and %s", (cpu, memory, memoryGi) => {
    expect(checking({ cpu, memory }, app)).toThrow(
      `app: the init container asks for ${cpu} vCPU and ${memoryGi}Gi: unset resources get defaults that break later ` +
        "updates. Set 'migrateCpu' and 'migrateMemory' above zero",
    );
  });

  it("may ask for what is known only at deploy time", () => {
    expect(checking({ cpu: unknownNumber, memory: unknownText }, app)).not.toThrow();
    expect(checking({ cpu: 4, memory: "8Gi" }, { cpu: unknownNumber, memory: "1Gi" })).not.toThrow();
  });
});

it("leaves alone what is known only at deploy time", () => {
  expect(() => requireConsumptionPair([{ cpu: unknownNumber, memory: "1Gi" }], "app")).not.toThrow();
  expect(() => requireConsumptionPair([{ cpu: 0.25, memory: unknownText }], "app")).not.toThrow();
});
