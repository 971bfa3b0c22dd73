import type { Json } from "../infra/support/synthesized";
import { type DeploymentStories, hasty, steps, useDeployment } from "./deployment";
import { bootstrapJob } from "./job-stories";
import { image, newRevision, oldRevision, revision, stories } from "./stories";

const { run, azure, app, applied } = useDeployment();

const deploy = (
  stories: DeploymentStories,
  stacksAndFlags: readonly string[] = [],
  variables: Record<string, string> = {},
) => run(["deploy", "dev", ...stacksAndFlags, ...hasty], stories, variables);

/** Every line of an output as JSON; fails at any other. */
const jsonLinesOnly = (stdout: string): Json[] =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const started = () => azure().requests.some(({ path }) => path.endsWith(`${bootstrapJob}/start`));

it("prepares the database's roles before the app, and passes the gate", async () => {
  const { exitCode, stdout } = await deploy({ gate: stories.healthy });
  expect(exitCode).toBe(0);
  expect(steps(stdout)).toEqual(["platform", "jobs", "database roles", "app", "gate"]);
  expect(applied()).toEqual(["platform", "jobs", "app"]);
  expect(started()).toBe(true);
  expect(stdout).toContain("gate open");
});

it("deploys nothing when nobody is signed in who could run the jobs and watch the gate", async () => {
  const { exitCode, stdout, stderr } = await deploy({}, [], { FAKE_CLI_FAIL: "account get-access-token" });
  expect(exitCode).toBe(7);
  expect(steps(stdout)).toEqual([]);
  expect(stderr).toContain("[azure-no-credential, exit 7]");
});

it("is no success when the gate holds, although Terraform is content: with JSON lines alone on standard output", async () => {
  const { exitCode, stdout } = await deploy({ gate: stories.appFails }, ["app", "--json"]);
  expect(exitCode).toBe(10);
  const events = jsonLinesOnly(stdout);
  expect(events.at(-1)).toMatchObject({ event: "gate", outcome: "held" });
  expect(applied()).toEqual(["app"]);
});

it("does not touch the app when the database's roles cannot be prepared", async () => {
  const { exitCode, stdout } = await deploy({ bootstrap: "Failed" }, ["jobs", "app"]);
  expect(exitCode).toBe(13);
  expect(steps(stdout)).toEqual(["jobs", "database roles"]);
});

it("makes a new revision of the same image on request, and waits for that one", async () => {
  const { exitCode, stdout } = await deploy({ gate: stories.healthy }, ["app", "--redeploy", "--timeout", "0.1"]);
  const { env } = app().template.container[0];
  expect(env).toContainEqual({ name: "SCHEMAGATE_REDEPLOY", value: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) });
  // The story's revision has the image, but not the token.
  expect(exitCode).toBe(12);
  expect(stdout).toContain("not deployed");
});

describe("a setting changes, and the image stays", () => {
  const change = (after: object, unknown = {}) => ({
    STUB_PLANS: JSON.stringify({
      app: {
        resource_changes: [
          {
            address: "azurerm_container_app.app",
            mode: "managed",
            type: "azurerm_container_app",
            change: { actions: ["update"], before: { template: [{ max_replicas: 2 }] }, after, after_unknown: unknown },
          },
        ],
      },
    }),
  });
  const same = { app: { image }, migrate: { image } };
  const before = { latestReady: oldRevision, revisions: [revision(oldRevision, {}, same)] };
  const after = { latestReady: newRevision, revisions: [revision(oldRevision, {}, same), revision(newRevision)] };

  it("opens the gate on the revision that this makes, although Azure names the old one for a while", async () => {
    const variables = change({ template: [{ max_replicas: 3 }] });
    const { exitCode, stdout } = await deploy({ gate: [before, before, before, after] }, ["app"], variables);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`${oldRevision} was there before, and the deployment's own revision is not yet`);
    expect(stdout).toMatch(new RegExp(`gate open: \\S+ runs ${newRevision}`));
  });

  it.each([
    ["only its ingress", { template: [{ max_replicas: 2 }] }, {}],
    ["something that is known only then", { template: [{}] }, { template: [{ max_replicas: true }] }],
  ])("waits for no other revision when it is %s", async (_, values, unknown) => {
    const { exitCode, stdout } = await deploy({ gate: [before] }, ["app"], change(values, unknown));
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`gate open: \\S+ runs ${oldRevision}`));
  });
});
