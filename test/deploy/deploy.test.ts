import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Json, onlyResource } from "../infra/support/synthesized";
import { FakeAzure, trust } from "./fake-azure";
import { bootstrapJob, playJob } from "./job-stories";
import { type Frame, playFrames, stories } from "./stories";
import { useWarmProgram } from "./support";

// The real cdktf and the real SDKs, with a Terraform that only takes notes and an Azure that plays stories.

const program = useWarmProgram(trust);

let directory: string;
let azure: FakeAzure;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "schemagate-deploy-"));
});
afterEach(async () => {
  await azure.stop();
  rmSync(directory, { recursive: true, force: true });
});

const output = () => join(directory, "out");
const terraformLog = () => join(directory, "calls.jsonl");
const readApp = () => JSON.parse(readFileSync(join(output(), "stacks", "app", "cdk.tf.json"), "utf8"));

async function deploy(
  stories: { readonly gate?: readonly Frame[]; readonly bootstrap?: string },
  stacksAndFlags: readonly string[] = [],
  variables: Record<string, string> = {},
) {
  const { gate = [], bootstrap = "Succeeded" } = stories;
  const [app, job] = [playFrames(gate), playJob({ job: bootstrapJob, statuses: [bootstrap] })];
  azure = new FakeAzure((request) => app(request) ?? job(request));
  await azure.start();
  const hasty = ["--poll-interval", "0.02", "--log-wait", "0"];
  return program(["deploy", "dev", ...stacksAndFlags, "--auto-approve", ...hasty, "--", "--output", output()], {
    ...azure.variables(),
    TERRAFORM_BINARY_NAME: join(__dirname, "terraform-stub.cjs"),
    STUB_LOG: terraformLog(),
    ...variables,
  });
}

/** Stacks in the order in which Terraform was told to apply them. */
const applied = () =>
  readFileSync(terraformLog(), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .filter(({ subcommand }) => subcommand === "apply")
    .map(({ stack }) => stack);

const steps = (stdout: string) => [...stdout.matchAll(/^== (.+)$/gm)].map(([, step]) => step);
/** Every line of an output as JSON; fails at any other. */
const jsonLinesOnly = (stdout: string): Json[] =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const started = () => azure.requests.some(({ path }) => path.endsWith(`${bootstrapJob}/start`));

it("builds the image once the registry is there, prepares the database's roles before the app, and passes the gate", async () => {
  const { exitCode, stdout } = await deploy({ gate: stories.healthy }, ["--build"]);
  expect(exitCode).toBe(0);
  expect(steps(stdout)).toEqual(["platform", "image", "jobs", "database roles", "app", "gate"]);
  expect(applied()).toEqual(["platform", "jobs", "app"]);
  expect(azure.cliCalls.find((call) => call.startsWith("acr build"))).toMatch(
    /^acr build --registry crschemagatedev --image schemagate:0\.1\.0 --build-arg VERSION=0\.1\.0 --build-arg REVISION=\w+ \.$/,
  );
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

it("fails when the image cannot be built", async () => {
  const { exitCode, stderr } = await deploy({}, ["app", "--build"], {
    FAKE_CLI_FAIL: "acr build",
  });
  expect(exitCode).toBe(9);
  expect(stderr).toContain("[build-failed, exit 9]");
});

it("fails when an image is to be built and is named", async () => {
  const { exitCode, stderr } = await deploy({ gate: [], bootstrap: "" }, ["--build", "--image", "shop.example/shop:1"]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("--build and --image (shop.example/shop:1) are both given");
});

it("makes a new revision of the same image on request, and waits for that one", async () => {
  const { exitCode, stdout } = await deploy({ gate: stories.healthy }, ["app", "--redeploy", "--timeout", "0.1"]);
  const { env } = onlyResource(readApp(), "azurerm_container_app").template.container[0];
  expect(env).toContainEqual({ name: "SCHEMAGATE_REDEPLOY", value: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) });
  // The story's revision has the image, but not the token.
  expect(exitCode).toBe(12);
  expect(stdout).toContain("not deployed");
});
