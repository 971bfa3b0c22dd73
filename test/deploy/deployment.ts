import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onlyResource } from "../infra/support/synthesized";
import { FakeAzure, trust } from "./fake-azure";
import { bootstrapJob, playJob } from "./job-stories";
import { type Frame, playFrames } from "./stories";
import { useWarmProgram } from "./support";

/** What Azure plays during a deployment. */
export interface DeploymentStories {
  readonly gate?: readonly Frame[];
  /** How the bootstrap job ends. @default Succeeded */
  readonly bootstrap?: string;
}

/** One call of the Terraform that only takes notes. */
export interface TerraformCall {
  readonly stack: string;
  readonly subcommand: string;
  readonly rest: readonly string[];
  readonly planArguments?: string;
}

/** The real cdktf and the real SDKs, with a Terraform that only takes notes and an Azure that plays stories. */
export function useDeployment() {
  const program = useWarmProgram(trust);
  let directory: string;
  let azure: FakeAzure | undefined;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "schemagate-deploy-"));
  });
  afterEach(async () => {
    await azure?.stop();
    azure = undefined;
    rmSync(directory, { recursive: true, force: true });
  });

  const terraformLog = () => join(directory, "calls.jsonl");
  const calls = (): TerraformCall[] =>
    readFileSync(terraformLog(), "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line))
      // Whether it is there is asked before anything is done.
      .filter(({ subcommand }) => subcommand !== "version");
  const written = (stack: string) =>
    JSON.parse(readFileSync(join(directory, "out/stacks", stack, "cdk.tf.json"), "utf8"));
  return {
    /** A file of the test's own. */
    file: (name: string) => join(directory, name),
    azure: () => azure as FakeAzure,
    calls,
    /** Stacks in the order in which Terraform was told to apply them. */
    applied: () => calls().flatMap(({ subcommand, stack }) => (subcommand === "apply" ? [stack] : [])),
    /** A stack as it was written last. */
    written,
    /** The app in it. */
    app: () => onlyResource(written("app"), "azurerm_container_app"),
    /** Runs one command line; `--` and cdktf's own arguments are added. */
    async run(args: readonly string[], stories: DeploymentStories = {}, variables: Record<string, string> = {}) {
      const { gate = [], bootstrap = "Succeeded" } = stories;
      await azure?.stop();
      const [app, job] = [playFrames(gate), playJob({ job: bootstrapJob, statuses: [bootstrap] })];
      azure = new FakeAzure((request) => app(request) ?? job(request));
      await azure.start();
      return program([...args, "--", "--output", join(directory, "out")], {
        ...azure.variables(),
        TERRAFORM_BINARY_NAME: join(__dirname, "terraform-stub.cjs"),
        STUB_LOG: terraformLog(),
        ...variables,
      });
    },
  };
}

/** Neither asks nor waits longer than a test has to. */
export const hasty = ["--auto-approve", "--poll-interval", "0.02", "--log-wait", "0"];

export const steps = (stdout: string) => [...stdout.matchAll(/^== (.+)$/gm)].map(([, step]) => step);
