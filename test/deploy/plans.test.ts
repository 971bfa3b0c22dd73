import { onlyResource } from "../infra/support/synthesized";
import { hasty, steps, useDeployment } from "./deployment";

const { run, written, applied, calls } = useDeployment();

const server = "azurerm_postgresql_flexible_server.postgres_server_20CD2676";

/** A plan that replaces the server, by stack. */
const replacing = {
  STUB_PLANS: JSON.stringify({
    platform: {
      resource_changes: [
        {
          address: server,
          mode: "managed",
          type: "azurerm_postgresql_flexible_server",
          change: {
            actions: ["delete", "create"],
            before: { name: "psql-schemagate-dev", location: "westeurope" },
            after: { name: "psql-schemagate-dev", location: "northeurope" },
            replace_paths: [["location"]],
          },
          action_reason: "replace_because_cannot_update",
        },
      ],
    },
  }),
};

const existing = (stack: string, address: string, id: string) => ({
  STUB_EXISTING: JSON.stringify({
    [stack]: `Error: a resource with the ID "${id}" already exists - to be managed via Terraform this resource needs to be imported into the State.\n\n  with ${address},\n  on cdk.tf.json line 1, in resource.x:\n`,
  }),
});

describe("a plan that loses data", () => {
  it("is refused before anything is applied, with --auto-approve too", async () => {
    const { exitCode, stderr } = await run(["deploy", "dev", "platform", ...hasty], {}, replacing);
    expect(exitCode).toBe(4);
    expect(stderr).toContain(
      `${server} (psql-schemagate-dev) is replaced: location changes from "westeurope" to "northeurope"`,
    );
    expect(stderr).toContain(`--allow-replace '${server}'`);
    expect(stderr).toContain("[would-lose-data, exit 4]");
    expect(applied()).toEqual([]);
  });

  it("is applied when its address is on the command line: the plan that was read, and no other", async () => {
    const { exitCode } = await run(["deploy", "dev", "platform", "--allow-replace", server, ...hasty], {}, replacing);
    expect(exitCode).toBe(0);
    expect(calls().find(({ subcommand }) => subcommand === "apply")?.rest).toEqual([
      "-input=false",
      "-no-color",
      "plan",
    ]);
  });

  it("is shown by diff with what deploy would say", async () => {
    const { exitCode, stdout } = await run(["diff", "dev", "platform"], {}, replacing);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      "warning: deploy would refuse this: the plan of platform destroys or replaces what holds data",
    );
  });
});

describe("what Azure has and the state does not", () => {
  const address = "azurerm_container_app_job.migration-job_1234";
  const id = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.App/jobs/caj-schemagate-migrate";

  it("is named with the import that mends it", async () => {
    const { exitCode, stderr } = await run(
      ["deploy", "dev", "jobs", "--skip-bootstrap", ...hasty],
      {},
      existing("jobs", address, id),
    );
    expect(exitCode).toBe(9);
    expect(stderr).toContain(`terraform import -input=false '${address}' '${id}'`);
    expect(stderr).toContain("[already-exists, exit 9]");
    expect(calls().some(({ subcommand }) => subcommand === "import")).toBe(false);
  });

  it("is taken into the state with --import, and the stack is planned and applied again", async () => {
    const { exitCode, stdout } = await run(
      ["deploy", "dev", "jobs", "--skip-bootstrap", "--import", ...hasty],
      {},
      existing("jobs", address, id),
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`${address} is in the state now: ${id}`);
    const order = calls().map(({ subcommand }) => subcommand);
    expect(order.filter((each) => ["plan", "show", "apply", "import"].includes(each))).toEqual([
      ...["plan", "show", "apply", "import"],
      ...["plan", "show", "apply"],
    ]);
  });

  it("fails when the import does", async () => {
    const variables = { ...existing("jobs", address, id), STUB_FAIL: "import" };
    const { exitCode, stderr } = await run(
      ["deploy", "dev", "jobs", "--skip-bootstrap", "--import", ...hasty],
      {},
      variables,
    );
    expect(exitCode).toBe(9);
    expect(stderr).toContain(`terraform import of ${address} failed with 1`);
  });
});

it("without a terminal and without --auto-approve, nothing is begun", async () => {
  const { exitCode, stderr } = await run(["deploy", "dev", "platform"]);
  expect(exitCode).toBe(2);
  expect(stderr).toBe(
    "--auto-approve (missing): there is no terminal to ask whether a plan is to be applied. Give --auto-approve, or run it " +
      "in a terminal\n",
  );
});

it("a failure that is known comes with what to do", async () => {
  const variables = { STUB_FAIL: "plan", STUB_SAYS: "Error: Backend configuration changed" };
  const { exitCode, stderr } = await run(["deploy", "dev", "platform", ...hasty], {}, variables);
  expect(exitCode).toBe(9);
  expect(stderr).toContain("cdktf diff platform failed with 1");
  expect(stderr).toContain("Run the same command with '-- --migrate-state'");
});

it("diff of an empty subscription says which stacks wait for the platform", async () => {
  const variables = { STUB_FAIL: "plan", STUB_SAYS: "Error: Unable to find remote state" };
  const { exitCode, stdout } = await run(["diff", "dev", "jobs", "app"], {}, variables);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("warning: jobs can be planned once 'platform' is deployed");
  expect(stdout).toContain("warning: app can be planned once 'platform' is deployed");
});

describe("destroy", () => {
  it("takes app, jobs and platform away, in this order", async () => {
    const { exitCode, stdout } = await run(["destroy", "dev", "--auto-approve"]);
    expect(exitCode).toBe(0);
    expect(steps(stdout)).toEqual(["destroy app", "destroy jobs", "destroy platform"]);
    expect(applied()).toEqual(["app", "jobs", "platform"]);
    expect(
      new Set(calls().flatMap(({ subcommand, planArguments }) => (subcommand === "plan" ? [planArguments] : []))),
    ).toEqual(new Set(["-destroy"]));
    expect(stdout).toContain("dev: app, jobs, platform destroyed; the state stays in local files");
  });

  it("explains what protects production, and does nothing", async () => {
    const { exitCode, stderr } = await run(["destroy", "prod", "--auto-approve"]);
    expect(exitCode).toBe(4);
    expect(stderr).toContain("prod is protected ('production')");
    expect(stderr).toContain("npm run destroy -- prod --remove-protection");
    expect(calls()).toEqual([]);
  });

  it("removes that protection when it is asked to, for this one environment", async () => {
    const { exitCode } = await run(["destroy", "prod", "platform", "--remove-protection", "--auto-approve"]);
    expect(exitCode).toBe(0);
    expect(applied()).toEqual(["platform"]);
    const { lifecycle } = onlyResource(written("platform"), "azurerm_postgresql_flexible_server");
    expect(lifecycle.prevent_destroy).toBe(false);
  });

  it("asks nobody where nobody is", async () => {
    const { exitCode, stderr } = await run(["destroy", "dev"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--auto-approve (missing)");
  });
});
