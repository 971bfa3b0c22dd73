import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentOf, projectDirectory } from "../infra/support/run-script";
import { jiti, waitUntil } from "../support/migrator";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "schemagate-interrupted-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const log = () => join(directory, "calls.jsonl");
const applied = () =>
  existsSync(log())
    ? readFileSync(log(), "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line))
        .flatMap(({ subcommand, stack }) => (subcommand === "apply" ? [stack] : []))
    : [];

/** Ctrl-C reaches the whole process group; a pipeline that is cancelled ends the process that it started. */
it.each([
  ["Ctrl-C", "SIGINT", 130, (pid: number) => process.kill(-pid, "SIGINT")],
  ["a cancelled pipeline", "SIGTERM", 143, (pid: number) => process.kill(pid, "SIGTERM")],
])(
  "%s ends a deployment once Terraform has stopped, and begins no other stack",
  async (_, name, exitCode, interrupt) => {
    const args = ["deploy", "dev", "--auto-approve", "--skip-bootstrap", "--skip-gate", "--", "--output", directory];
    const child = spawn(process.execPath, [jiti, "deploy/main.ts", ...args], {
      cwd: projectDirectory,
      detached: true,
      env: environmentOf({
        ...{ TERRAFORM_BINARY_NAME: join(__dirname, "terraform-stub.cjs"), STUB_LOG: log(), STUB_WAIT: "apply" },
        ARM_SUBSCRIPTION_ID: "00000000-1111-2222-3333-444444444444",
      }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => (output += text));
    const closed = new Promise((resolve) => child.on("close", resolve));
    await waitUntil(async () => output.includes("waiting"), "Terraform applies the first stack");
    interrupt(child.pid as number);
    expect(await closed).toBe(exitCode);
    expect(output).toContain(`${name}: stopping; what was started in Azure goes on`);
    expect(output).toContain("the state is written");
    expect(applied()).toEqual(["platform"]);
  },
);
