import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { environmentOf, projectDirectory, runScript } from "../infra/support/run-script";
import { jiti } from "../support/migrator";
import { type Answer, FakeAzure, type SeenRequest } from "./fake-azure";
import { playJob } from "./job-stories";
import { failedRun, playFrames, stories } from "./stories";

// Each test runs the real program from its start, as npm does. cdktf.test.ts has exit 9, for which cdktf has to fail.

let azure: FakeAzure;
afterEach(() => azure.stop());

const hasty = ["--poll-interval", "0.02", "--log-wait", "0"];

type Play = (request: SeenRequest) => Answer | undefined;

const failedJob = playJob({ statuses: ["Failed"], lines: failedRun });

it.each<[exitCode: number, what: string, play: Play, args: readonly string[], variables?: Record<string, string>]>([
  [0, "the gate is open", playFrames(stories.scaledToZero), ["gate", "dev", ...hasty]],
  [2, "no environment is named", () => undefined, ["gate", ...hasty]],
  [2, "no subscription is named", () => undefined, ["gate", "dev", ...hasty], { ARM_SUBSCRIPTION_ID: "" }],
  [6, "the migrator in a job ended with 6", failedJob, ["job", ...hasty, "dev", "up"]],
  [7, "nobody is signed in", () => undefined, ["gate", "dev", ...hasty], { FAKE_CLI_FAIL: "account get-access-token" }],
  [10, "the gate holds", playFrames(stories.appFails), ["gate", "dev", ...hasty]],
  [11, "time is over", playFrames(stories.degraded), ["gate", "dev", ...hasty, "--timeout", "0.1"]],
  [12, "the app is not there", () => undefined, ["gate", "dev", ...hasty]],
  [13, "a job fails and does not say why", playJob({ statuses: ["Failed"] }), ["job", ...hasty, "dev", "up"]],
])("%i: %s", async (exitCode, _, play, args, variables = {}) => {
  azure = new FakeAzure(play);
  await azure.start();
  const result = await runScript("deploy/main.ts", args, { ...azure.variables(), ...variables });
  expect(result).toMatchObject({ exitCode });
  // A result is printed, an error is said.
  const isError = [2, 7, 12].includes(exitCode);
  expect({ stdout: result.stdout !== "", stderr: result.stderr !== "" }).toEqual({ stdout: !isError, stderr: isError });
});

it("11: the identity never answers, and what tries on in the SDK does not keep the process", async () => {
  azure = new FakeAzure(playFrames(stories.scaledToZero));
  await azure.start();
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const endpoint = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/msi/token`;
  const variables = { ...azure.managedIdentityVariables(), IDENTITY_ENDPOINT: endpoint };
  const { exitCode, stdout } = await runScript(
    "deploy/main.ts",
    ["gate", "dev", ...hasty, "--timeout", "0"],
    variables,
  );
  silent.closeAllConnections();
  silent.close();
  expect(exitCode).toBe(11);
  expect(stdout).toContain("no answer in time\n");
});

it.each([
  [143, "SIGTERM"],
  [130, "SIGINT"],
] as const)("%i: on %s it ends at once, and says that the release goes on", async (exitCode, signal) => {
  azure = new FakeAzure(playFrames(stories.provisioningForEver));
  await azure.start();
  const child = spawn(process.execPath, [jiti, "deploy/main.ts", "gate", "dev", ...hasty], {
    cwd: projectDirectory,
    env: environmentOf(azure.variables()),
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  child.stdout.once("data", () => child.kill(signal));
  expect(await new Promise((resolve) => child.on("close", resolve))).toBe(exitCode);
  expect(stderr).toBe(`${signal}: stopping; what was started in Azure goes on\n`);
});
