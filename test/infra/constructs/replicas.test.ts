import type { CustomScaleRule } from "../../../infra/constructs/scale-rules";
import { creatingApp as creating, synthesizeApp, unknownNumber, unknownText } from "../support/app-props";

const rule = (type: string): CustomScaleRule => ({ name: "work", type, metadata: { value: "1" } });
const worker = { ingress: false } as const;
const replicasOf = ({ template }: ReturnType<typeof synthesizeApp>) => [template.min_replicas, template.max_replicas];

describe("an app that takes no requests", () => {
  it("has a replica when nothing could start the first one", () => {
    expect(replicasOf(synthesizeApp(worker))).toEqual([1, 10]);
    expect(replicasOf(synthesizeApp({ ...worker, customScaleRules: [rule("cpu")] }))).toEqual([1, 10]);
  });

  it.each(["azure-servicebus", "azure-queue", "cron", "postgresql", unknownText])(
    "scales to zero when a rule of type %s starts the first one",
    (type) => {
      expect(replicasOf(synthesizeApp({ ...worker, customScaleRules: [rule(type)] }))).toEqual([0, 10]);
      const both = [{ ...rule("memory"), name: "memory" }, rule(type)];
      expect(replicasOf(synthesizeApp({ ...worker, minReplicas: 0, customScaleRules: both }))).toEqual([0, 10]);
    },
  );

  it.each([
    [[], "none"],
    [[rule("cpu")], "work of type cpu"],
    [[rule("memory"), { ...rule("cpu"), name: "load" }], "work of type memory, load of type cpu"],
  ])("fails when it is to have none, and the rules %j start none", (customScaleRules, described) => {
    expect(creating({ ...worker, minReplicas: 0, customScaleRules })).toThrow(
      "test/app: 'minReplicas' (0) goes with something that starts the first replica: 'ingress' is false, and " +
        `'customScaleRules' (${described}) start none, so that the app would never run. Leave it out for 1, or add a rule ` +
        "that looks at work outside of the app, for instance azure-servicebus or cron",
    );
  });

  it.each(["http", "tcp"])("fails when a rule of type %s counts the requests that it does not take", (type) => {
    expect(creating({ ...worker, customScaleRules: [rule(type)] })).toThrow(
      `test/app: 'customScaleRules' has 'work' of type ${type}, which counts requests, and 'ingress' is false: none ` +
        "arrives. Remove the rule or take requests",
    );
    expect(
      creating({ ...worker, minReplicas: 2, customScaleRules: [rule("cron"), { ...rule(type), name: "other" }] }),
    ).toThrow(`'customScaleRules' has 'other' of type ${type}`);
  });

  it("may be told how many at deploy time", () => {
    expect(replicasOf(synthesizeApp({ ...worker, minReplicas: unknownNumber }))).toEqual([7, 10]);
  });
});

it("an app that takes requests is started by them, whatever its rules", () => {
  expect(replicasOf(synthesizeApp({ customScaleRules: [rule("cpu")] }))).toEqual([0, 10]);
  expect(replicasOf(synthesizeApp({ minReplicas: 0, customScaleRules: [rule("tcp")] }))).toEqual([0, 10]);
});
