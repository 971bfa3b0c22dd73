import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Result, runScript } from "../infra/support/run-script";
import { onlyResource } from "../infra/support/synthesized";
import { useWarmProgram } from "./support";

// A real cdktf: each start of it takes seconds, so that one proves several things.

const digest = `sha256:${"0a".repeat(32)}`;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "schemagate-cdktf-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** What npm run synth|diff|deploy run: from its start where the exit code is cdktf's doing. */
const program = useWarmProgram();
const realProgram: typeof program = (args, variables) => runScript("deploy/main.ts", args, variables);

const output = () => join(directory, "out");
const readApp = () => JSON.parse(readFileSync(join(output(), "stacks", "app", "cdk.tf.json"), "utf8"));

function pathWithoutTerraform() {
  const path = join(directory, "bin");
  mkdirSync(path);
  symlinkSync(process.execPath, join(path, "node"));
  symlinkSync("/bin/sh", join(path, "sh"));
  return { PATH: path, TERRAFORM_BINARY_NAME: undefined };
}

describe("the environment", () => {
  it.each(["synth", "diff", "deploy"])("must be named for %s", async (verb) => {
    expect(await program([verb])).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "environment (missing): there is no default environment. Name one of: dev, prod, staging (or add " +
        "infra/settings/<environment>.ts)\n",
    });
  });

  it.each(["synth", "diff", "deploy"])("must exist for %s", async (verb) => {
    const { exitCode, stderr } = await program([verb, "qa"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("environment (qa): unknown. Name one of: dev, prod, staging");
  });
});

describe("synth", () => {
  it("writes the stacks with the real cdktf, quietly, without Terraform, with a release's image before all others", async () => {
    const image = `shop.example/shop@${digest}`;
    const { exitCode, stdout } = await program(["synth", "prod", "--image", image, "--", "--output", output()], {
      ...pathWithoutTerraform(),
      SCHEMAGATE_IMAGE: "shop.example/other:1",
      SCHEMAGATE_IMAGE_TAG: "2",
    });
    expect(exitCode).toBe(0);
    const said = stdout.split("\n").filter((line) => !line.includes("Unable to determine Terraform version"));
    expect(said.join("\n").trim()).toBe("Generated Terraform code for the stacks: app, jobs, platform");
    const { name, template } = onlyResource(readApp(), "azurerm_container_app");
    expect(name).toBe("ca-schemagate-prod");
    expect(template.init_container[0].image).toBe(image);
  });

  it("says what is wrong with what somebody wrote, once, and nothing of cdktf's around it", async () => {
    const image = "shop.example/shop:latest";
    const { exitCode, stdout, stderr } = await program(["synth", "dev", "--image", image, "--", "--output", output()]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(/^jobs\/bootstrap-job\/Resource: 'image' \(.+:latest\) has the mutable tag 'latest': .+\n$/);
  });
});

it("a project's own program that cannot run is named once, with nothing of cdktf's around it", async () => {
  const app = `node -e "throw new Error('no such stack file')"`;
  const { exitCode, stdout, stderr } = await program(["synth", "dev", "--", "--output", output(), "--app", app]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 9, stdout: "" });
  expect(stderr).toMatch(/^error: the stacks cannot be written: [\s\S]*no such stack file/);
  expect(stderr).toContain("Nothing was changed.");
  expect(stderr.split("no such stack file")).toHaveLength(3);
});

describe("usage", () => {
  it("is explained on request", async () => {
    const { exitCode, stdout } = await program(["deploy", "--help"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("[environment]");
    expect(stdout).toContain("--image");
  });

  it.each([[["remove", "dev"]], [["deploy", "dev", "--imgae", "x"]], [["synth", "dev", "platform"]]])(
    "fails when it is wrong: %j",
    async (scriptArguments) => {
      expect((await program(scriptArguments)).exitCode).toBe(2);
    },
  );

  it.each(["diff", "deploy"])("fails when %s names a stack that does not exist", async (verb) => {
    const { exitCode, stderr } = await program([verb, "dev", "platform", "db"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("stack (db): there is no such stack. Name some of platform, jobs, app, or none for all");
  });
});

describe("without Terraform on PATH", () => {
  it.each(["diff", "deploy"])("%s says what is missing, why, and how to get it", async (verb) => {
    const { exitCode, stderr } = await program([verb, "dev"], pathWithoutTerraform());
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      "terraform (not on PATH): 'cdktf diff' and 'cdktf deploy' do their work with it. Install Terraform 1.2 or later " +
        "(https://developer.hashicorp.com/terraform/install), or name another program in TERRAFORM_BINARY_NAME\n",
    );
  });
});

describe("with a Terraform that only takes notes", () => {
  interface Call {
    readonly stack: string;
    readonly subcommand: string;
    readonly rest: readonly string[];
    readonly dataDirectory?: string;
  }

  const cdktf = async (
    scriptArguments: readonly string[],
    variables: Record<string, string> = {},
    run = program,
  ): Promise<Result & { readonly calls: readonly Call[] }> => {
    const log = join(directory, "calls.jsonl");
    const result = await run([...scriptArguments, "--output", output()], {
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

  const dataDirectoriesOf = (calls: readonly Call[]) =>
    new Set(calls.filter(({ subcommand }) => subcommand === "init").map(({ dataDirectory }) => dataDirectory));

  const alone = ["--auto-approve", "--skip-bootstrap", "--skip-gate"];

  it("plans one stack after the other in the order of a deploy, apart from other environments in what Terraform remembers of a backend", async () => {
    const { exitCode, calls } = await cdktf(["diff", "dev", "app", "platform", "--"]);
    expect(exitCode).toBe(0);
    expect(stacksOf(calls, "plan")).toEqual(["platform", "app"]);
    expect(dataDirectoriesOf(calls)).toEqual(new Set([".terraform-dev"]));
  });

  it("deploys one stack alone when it is named, without node-pty's binary, which not every Node has", async () => {
    const { exitCode, calls } = await cdktf(["deploy", "prod", "app", ...alone, "--"], {
      NODE_OPTIONS: `--require ${join(__dirname, "without-node-pty.cjs")}`,
    });
    expect(exitCode).toBe(0);
    expect(stacksOf(calls, "apply")).toEqual(["app"]);
    expect(dataDirectoriesOf(calls)).toEqual(new Set([".terraform-prod"]));
  });

  it.each(["diff", "deploy"])("fails when Terraform fails in %s, and goes no further", async (verb) => {
    const flags = verb === "deploy" ? alone : [];
    const { exitCode, stderr, calls } = await cdktf([verb, "dev", ...flags, "--"], { STUB_FAIL: "init" }, realProgram);
    expect(exitCode).toBe(9);
    expect(stderr).toContain("cdktf diff platform failed with 1");
    expect([...stacksOf(calls, "plan"), ...stacksOf(calls, "apply")]).toEqual([]);
  });
});
