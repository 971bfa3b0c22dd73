import { homedir } from "node:os";
import { credentialReasons } from "../../deploy/azure/credential-reasons";
import { FakeAzure, trust } from "./fake-azure";
import { useWarmProgram } from "./support";

const program = useWarmProgram(trust);

const named = (name: string, message: string) => Object.assign(new Error(message), { name });
const unavailable = (message: string) => named("CredentialUnavailableError", message);
const chained = (...errors: readonly Error[]) =>
  Object.assign(named("AggregateAuthenticationError", "ChainedTokenCredential authentication failed."), { errors });

const noVariables = unavailable(
  "EnvironmentCredential is unavailable. No underlying credential could be used. To troubleshoot, visit https://aka.ms/azsdk/x.",
);
const noCli = unavailable("Azure CLI could not be found. Please visit https://aka.ms/azure-cli for instructions.");

it("says which credential was refused and why, and nothing of those that nobody set up", () => {
  const login = unavailable(
    "Please run 'az login' from a command prompt to authenticate before using this credential.",
  );
  expect(credentialReasons(chained(noVariables, login, noCli))).toBe(
    "\n  Please run 'az login' from a command prompt to authenticate before using this credential.",
  );
});

it("says all of them where none was set up", () => {
  expect(credentialReasons(chained(noVariables, noCli))).toBe(
    "\n  EnvironmentCredential is unavailable. No underlying credential could be used." +
      "\n  Azure CLI could not be found. Please visit https://aka.ms/azure-cli for instructions.",
  );
});

it("says what stands behind the first line, without the numbers for Azure's support", () => {
  const refused = named(
    "AuthenticationError",
    "EnvironmentCredential authentication failed. To troubleshoot, visit https://aka.ms/azsdk/x. Status code: 400\n" +
      "More details:\nAADSTS7000215: Invalid client secret provided. Trace ID: 1f-2 Correlation ID: 3a-4 Timestamp: 2026-03-02 10:00:00Z,",
  );
  expect(credentialReasons(refused)).toBe(
    "\n  EnvironmentCredential authentication failed. Status code: 400 More details: AADSTS7000215: Invalid client secret provided",
  );
});

it("says no token, no secret and nobody's home, and not everything of a long one", () => {
  const token = `${"e".repeat(20)}.${"y".repeat(20)}.${"J".repeat(20)}`;
  const reason = credentialReasons(
    named(
      "AuthenticationError",
      `refused ${token} client_secret=hunter2 from ${homedir()}/.azure: ${"x".repeat(5_000)}`,
    ),
  );
  expect(reason).toContain("refused *** client_secret=*** from ~/.azure: xxx");
  expect(reason).toContain("characters left out");
  expect(reason.length).toBeLessThan(500);
});

it("is printed by a command that nobody is signed in for", async () => {
  const azure = new FakeAzure(() => undefined);
  await azure.start();
  const { exitCode, stderr } = await program(["gate", "dev"], {
    ...azure.variables(),
    FAKE_CLI_FAIL: "account get-access-token",
  });
  await azure.stop();
  expect(exitCode).toBe(7);
  expect(stderr).toContain(
    "ERROR: (AuthorizationFailed) The client does not have authorization to perform this action.",
  );
});
