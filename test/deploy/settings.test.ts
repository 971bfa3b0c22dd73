import { useWarmProgram } from "./support";

const program = useWarmProgram();

const settings = (args: readonly string[], variables: Record<string, string> = {}) =>
  program(["settings", ...args], variables);

it("prints an environment's settings with everything that follows from them", async () => {
  const { exitCode, stdout } = await settings(["prod"]);
  expect(exitCode).toBe(0);
  const printed = JSON.parse(stdout);
  expect(printed.settings).toMatchObject({
    production: true,
    preventDestroy: true,
    deletionLocks: true,
    postgres: { highAvailability: true },
    gate: { timeoutSeconds: 900 },
    job: { timeoutSeconds: 14_400 },
  });
  expect(printed.names).toMatchObject({ containerApp: "ca-schemagate-prod", migrationJob: "caj-schemagate-migrate" });
  expect(printed.tags).toEqual({ project: "schemagate", environment: "prod", "managed-by": "cdktf" });
  expect(printed.image).toMatch(/^crschemagateprod\.azurecr\.io\/schemagate:/);
  expect(printed.stateKeys).toEqual({
    platform: "schemagate/prod/platform.tfstate",
    jobs: "schemagate/prod/jobs.tfstate",
    app: "schemagate/prod/app.tfstate",
  });
});

it("shows the image that a release names", async () => {
  const { stdout } = await settings(["dev"], { SCHEMAGATE_IMAGE_TAG: "2.0.0" });
  expect(JSON.parse(stdout).image).toBe("crschemagatedev.azurecr.io/schemagate:2.0.0");
});

it("fails when no environment is named", async () => {
  const { exitCode, stderr } = await settings([]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("environment (missing): there is no default environment.");
});
