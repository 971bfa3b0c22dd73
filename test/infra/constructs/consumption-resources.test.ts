import { Token } from "cdktf";
import {
  memoryFor,
  requireConsumptionPair,
  requireInitContainerFits,
} from "../../../infra/constructs/consumption-resources";

const steps = Array.from({ length: 16 }, (_, index) => (index + 1) * 0.25);

it.each(steps)("offers %d vCPU with twice as much memory", (cpu) => {
  expect(() => requireConsumptionPair([{ cpu, memory: memoryFor(cpu) }], "app")).not.toThrow();
});

it("judges the sum of the containers, not each of them", () => {
  const half = { cpu: 0.375, memory: "0.75Gi" };
  expect(() => requireConsumptionPair([half, half], "app")).not.toThrow();
  expect(() => requireConsumptionPair([half], "app")).toThrow("app: the app's containers ask for 0.375 vCPU");
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

  it("may ask for as much as the app's containers together", () => {
    expect(() => requireInitContainerFits({ cpu: 1, memory: "2Gi" }, [app, app], "app")).not.toThrow();
  });

  it("fails when it asks for more cpu", () => {
    expect(() => requireInitContainerFits({ cpu: 0.75, memory: "1Gi" }, [app], "app")).toThrow(
      "app: 'migrateCpu' (0.75) is more than the app's containers ask for together (0.5): the service refuses such a " +
        "revision. Lower 'migrateCpu' or raise 'cpu'",
    );
  });

  it("fails when it asks for more memory", () => {
    expect(() => requireInitContainerFits({ cpu: 0.5, memory: "1.5Gi" }, [app], "app")).toThrow(
      "app: 'migrateMemory' (1.5Gi) is more than the app's containers ask for together (1Gi): the service refuses such a " +
        "revision. Lower 'migrateMemory' or raise 'memory'",
    );
  });

  it("fails when it asks for nothing", () => {
    expect(() => requireInitContainerFits({ cpu: 0, memory: "0.5Gi" }, [app], "app")).toThrow(
      "app: the init container asks for 0 vCPU and 0.5Gi: unset resources get defaults that break later updates. Set " +
        "'migrateCpu' and 'migrateMemory' above zero",
    );
  });
});

it("leaves alone what is known only at deploy time", () => {
  const unknown = { cpu: Token.asNumber({ resolve: () => 1 }), memory: Token.asString({ resolve: () => "2Gi" }) };
  expect(() => requireConsumptionPair([unknown], "app")).not.toThrow();
  expect(() => requireInitContainerFits(unknown, [{ cpu: 0.25, memory: "0.5Gi" }], "app")).not.toThrow();
});
