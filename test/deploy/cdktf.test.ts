import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Result, runScript } from "../infra/support/run-script";
import { onlyResource } from "../infra/support/synthesized";

// A real cdktf, run several times.
jest.setTimeout(120_000);

const digest = `sha256:${"0a".repeat(32)}`;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "schemagate-cdktf-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** What npm run synth|diff|deploy run. */
const cdktf = (scriptArguments: readonly string[], variables: Record<string, string | undefined> = {}) =>
  runScript("deploy/main.ts", scriptArguments, variables);

const output = () => join(directory, "out");
const readApp = () => JSON.parse(readFileSync(join(output(), "stacks", "app", "cdk.tf.json"), "utf8"));

describe("the environment", () => {
  it.each(["synth", "diff", "deploy"])("must be named for %s", async (verb) => {
    expect(await cdktf([verb])).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "environment (missing): there is no default environment. Name one of: dev, prod, staging (or add " +
        "infra/settings/<environment>.ts)\n",
    });
  });

  it.each(["synth", "diff", "deploy"])("must exist for %s", async (verb) => {
    const { exitCode, stderr } = await cdktf([verb, "qa"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("environment (qa): unknown. Name one of: dev, prod, staging");
  });
});

describe("synth", () => {
  it("writes the stacks with the real cdktf, quietly", async () => {
    const { exitCode, stdout } = await cdktf(["synth", "dev", "--", "--output", output()]);
    expect(exitCode).toBe(0);
    expect(stdout.trim()).toBe("Generated Terraform code for the stacks: app, jobs, platform");
    expect(onlyResource(readApp(), "azurerm_container_app").name).toBe("ca-schemagate-dev");
  });

  it("takes the image of a release, before one that the environment names", async () => {
    const image = `shop.example/shop@${digest}`;
    const { exitCode } = await cdktf(["synth", "prod", "--image", image, "--", "--output", output()], {
      SCHEMAGATE_IMAGE: "shop.example/other:1",
      SCHEMAGATE_IMAGE_TAG: "2",
    });
    expect(exitCode).toBe(0);
    expect(onlyResource(readApp(), "azurerm_container_app").template.init_container[0].image).toBe(image);
  });

  it("fails when the stacks cannot be put together, and says why", async () => {
    const image = "shop.example/shop:latest";
    const { exitCode, stderr } = await cdktf(["synth", "dev", "--image", image, "--", "--output", output()]);
    expect(exitCode).toBe(9);
    expect(stderr).toContain("has the mutable tag 'latest'");
    expect(stderr).toContain("cdktf synth failed with 1");
  });
});

describe("usage", () => {
  it("is explained on request", async () => {
    const { exitCode, stdout } = await cdktf(["deploy", "--help"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("[environment]");
    expect(stdout).toContain("--image");
  });

  it.each([[["destroy", "dev"]], [["deploy", "dev", "--imgae", "x"]], [["synth", "dev", "platform"]]])(
    "fails when it is wrong: %j",
    async (scriptArguments) => {
      expect((await cdktf(scriptArguments)).exitCode).toBe(2);
    },
  );

  it.each(["diff", "deploy"])("fails when %s names a stack that does not exist", async (verb) => {
    const { exitCode, stderr } = await cdktf([verb, "dev", "platform", "db"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("stack (db): there is no such stack. Name some of platform, jobs, app, or none for all");
  });
});

describe("without Terraform on PATH", () => {
  const pathWithoutTerraform = () => {
    const path = join(directory, "bin");
    mkdirSync(path);
    symlinkSync(process.execPath, join(path, "node"));
    symlinkSync("/bin/sh", join(path, "sh"));
    return { PATH: path, TERRAFORM_BINARY_NAME: undefined };
  };

  it.each(["diff", "deploy"])("%s says what is missing, why, and how to get it", async (verb) => {
    const { exitCode, stderr } = await cdktf([verb, "dev"], pathWithoutTerraform());
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      "terraform (not on PATH): 'cdktf diff' and 'cdktf deploy' do their work with it. Install Terraform 1.2 or later " +
        "(https://developer.hashicorp.com/terraform/install), or name another program in TERRAFORM_BINARY_NAME\n",
    );
  });

  it("synth works all the same", async () => {
    const { exitCode } = await cdktf(["synth", "dev", "--", "--output", output()], pathWithoutTerraform());
    expect(exitCode).toBe(0);
    expect(onlyResource(readApp(), "azurerm_container_app").name).toBe("ca-schemagate-dev");
  });
});

describe("with a Terraform that only takes notes", () => {
  interface Call {
    readonly stack: string;
    readonly subcommand: string;
    readonly rest: readonly string[];
    readonly dataDirectory?: string;
  }

  const run = async (
    scriptArguments: readonly string[],
    variables: Record<string, string> = {},
  ): Promise<Result & { readonly calls: readonly Call[] }> => {
    const log = join(directory, "calls.jsonl");
    const result = await cdktf([...scriptArguments, "--output", output()], {
      TERRAFORM_BINARY_NAME: join(__dirname, "terraform-stub.cjs"),
      STUB_LOG: log,
      ...variables,
    });
    const calls = readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .map((line): Call => JSON.parse(line));
    return { ...result, calls };
  };

  const stacksOf = (calls: readonly Call[], subcommand: string) =>
    calls.filter((call) => call.subcommand === subcommand).map(({ stack }) => stack);

  const alone = ["--auto-approve", "--skip-bootstrap", "--skip-gate"];

  it("deploys one stack alone when it is named", async () => {
    const { exitCode, calls } = await run(["deploy", "dev", "app", ...alone, "--"]);
    expect(exitCode).toBe(0);
    expect(stacksOf(calls, "apply")).toEqual(["app"]);
  });

  it("plans one stack after the other", async () => {
    const { exitCode, calls } = await run(["diff", "dev", "--"]);
    expect(exitCode).toBe(0);
    expect(stacksOf(calls, "plan")).toEqual(["platform", "jobs", "app"]);
  });

  it("keeps what Terraform remembers of a backend apart for each environment", async () => {
    for (const environment of ["dev", "prod"]) {
      const { calls } = await run(["diff", environment, "platform", "--"]);
      expect(calls.findLast(({ subcommand }) => subcommand === "init")?.dataDirectory).toBe(
        `.terraform-${environment}`,
      );
    }
  });

  it.each(["diff", "deploy"])("fails when Terraform fails in %s, and goes no further", async (verb) => {
    const flags = verb === "deploy" ? alone : [];
    const { exitCode, stderr, calls } = await run([verb, "dev", ...flags, "--"], { STUB_FAIL: "init" });
    expect(exitCode).toBe(9);
    expect(stderr).toContain(`cdktf ${verb} platform failed with 1`);
    expect([...stacksOf(calls, "plan"), ...stacksOf(calls, "apply")]).toEqual([]);
  });

  it("deploys without node-pty's binary, which not every Node has", async () => {
    const { exitCode, calls } = await run(["deploy", "dev", "app", ...alone, "--"], {
      NODE_OPTIONS: `--require ${join(__dirname, "without-node-pty.cjs")}`,
    });
    expect(exitCode).toBe(0);
    expect(stacksOf(calls, "apply")).toEqual(["app"]);
  });
});
