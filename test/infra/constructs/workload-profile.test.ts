import { chooseProfile, isConsumption, requireConsumptionProfile } from "../../../infra/constructs/workload-profile";
import { consumption, dedicated, environmentWith } from "../support/app-props";

const why = "managed identities answer in init containers only on a Consumption workload profile";

describe("for an init container that needs an identity", () => {
  const choose = (asked: string | undefined, ...profiles: (typeof consumption)[]) =>
    requireConsumptionProfile(environmentWith(...profiles), asked, "stack/app");

  it("is the first Consumption profile unless another is asked for", () => {
    const other = { name: "other", type: "Consumption" };
    expect(choose(undefined, dedicated, consumption, other)).toBe("Consumption");
    expect(choose("other", dedicated, consumption, other)).toBe("other");
  });

  it.each([
    ["none", []],
    ["big (D4)", [dedicated]],
  ])("fails when there is no Consumption profile but %s", (profiles, given) => {
    expect(() => choose(undefined, ...given)).toThrow(
      `stack/app: 'environment' has no Consumption workload profile (its profiles: ${profiles}): ${why}. Create an ` +
        "environment with one, for instance with ContainerEnvironment; it cannot be added later",
    );
  });

  it.each([
    ["big", "is of type D4"],
    ["small", "is none of the environment's"],
  ])("fails when %s is asked for, which %s", (asked, problem) => {
    expect(() => choose(asked, consumption, dedicated)).toThrow(
      `stack/app: 'workloadProfileName' (${asked}) ${problem} (its profiles: Consumption (Consumption), big (D4)): ${why}. ` +
        "Choose 'Consumption' or leave it out",
    );
  });
});

describe("for anything else", () => {
  const choose = (asked: string | undefined, ...profiles: (typeof consumption)[]) =>
    chooseProfile(environmentWith(...profiles), asked, "stack/job");

  it("is the first Consumption profile, else the first, else none", () => {
    expect(choose(undefined, dedicated, consumption)).toBe("Consumption");
    expect(choose(undefined, dedicated)).toBe("big");
    expect(choose(undefined)).toBeUndefined();
  });

  it("may be any that is asked for", () => {
    expect(choose("big", consumption, dedicated)).toBe("big");
  });

  it.each([
    ["none", []],
    ["Consumption (Consumption)", [consumption]],
  ])("fails when one is asked for that is not there but %s", (profiles, given) => {
    expect(() => choose("big", ...given)).toThrow(
      `stack/job: 'workloadProfileName' (big) is none of the environment's (its profiles: ${profiles}). Choose one of them ` +
        "or leave it out",
    );
  });
});

it("sells Consumption's sizes on such a profile and in a consumption-only environment", () => {
  expect(isConsumption(environmentWith(consumption, dedicated), "Consumption")).toBe(true);
  expect(isConsumption(environmentWith(), undefined)).toBe(true);
  expect(isConsumption(environmentWith(consumption, dedicated), "big")).toBe(false);
});
