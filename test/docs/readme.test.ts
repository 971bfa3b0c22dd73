import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { cleanEnvironment, type Ended, makeDirectory, root, start } from "../support/migrator";
import { keepPostgresRunning } from "../support/scaffold";

interface Block {
  /** What stands behind the language: what the block needs, or nothing. */
  readonly needs: string;
  readonly text: string;
}

const readme = readFileSync(join(root, "README.md"), "utf8");

function blocks(language: string): Block[] {
  const found = readme.matchAll(new RegExp(`^\`\`\`${language}(?: ([\\w -]+))?\\n([\\s\\S]*?)^\`\`\`$`, "gm"));
  return [...found].map(([, needs = "", text = ""]) => ({ needs, text }));
}

function commands(needs: string): string[] {
  return blocks("sh")
    .filter((block) => block.needs === needs)
    .flatMap(({ text }) => text.split("\n"))
    .map((line) => line.replace(/\s+#.*$/, ""))
    .filter(Boolean);
}

/** A checkout as a newcomer has it: what git knows, and what `npm ci` installs. */
let checkout: string;

beforeAll(() => {
  checkout = makeDirectory();
  const list = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root });
  for (const file of list.toString().split("\0").filter(Boolean)) {
    mkdirSync(dirname(join(checkout, file)), { recursive: true });
    cpSync(join(root, file), join(checkout, file), { recursive: true });
  }
  // `npm ci` is how it came here, and the first step of the gate: a gigabyte is not unpacked twice.
  symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"));
});

afterAll(() => {
  rmSync(checkout, { recursive: true, force: true });
});

function shell(command: string): ReturnType<typeof start> {
  return start("bash", ["-c", command], cleanEnvironment({ SCHEMAGATE_JSON: "false" }), {
    cwd: checkout,
    detached: true,
  });
}

/** Names, counts and words stay; times, ports and process numbers differ from run to run. */
function shape(output: string): string[] {
  const lines = output.split("\n").map((line) =>
    line
      .replace(/\d+(\.\d+)? (ms|s)\b/g, "TIME")
      .replace(/127\.0\.0\.1:\d+/g, "ADDRESS")
      .replace(/worker=\d+/g, "worker=N"),
  );
  // npm's own preamble, and what the two workers say in an order of their own.
  return lines.filter(
    (line) => line !== "" && !/^(> |npm |added |port \d+ is in use)|app \| |^\d+ packages|^ {2}run /.test(line),
  );
}

/** Runs a command that goes on until Ctrl-C, and presses it once the command says so. */
function runUntilStopped(command: string): Promise<Ended> {
  const { child, ended } = shell(command);
  let output = "";
  child.stdout?.on("data", (chunk) => {
    const wasReady = output.includes("Stop with Ctrl-C.");
    output += chunk;
    if (!wasReady && output.includes("Stop with Ctrl-C.") && child.pid !== undefined) {
      // A terminal sends Ctrl-C to everything the command started.
      process.kill(-child.pid, "SIGINT");
    }
  });
  return ended;
}

test("what is installed here is what `npm ci` installs", () => {
  const packagesOf = (file: string): Record<string, { version: string; integrity?: string; optional?: true }> =>
    JSON.parse(readFileSync(join(root, file), "utf8")).packages;
  const { "": _, ...locked } = packagesOf("package-lock.json");
  // npm's own note of what it has put there.
  const installed = packagesOf("node_modules/.package-lock.json");
  const identify = ([path, { version, integrity }]: [string, { version: string; integrity?: string }]) =>
    `${path} ${version} ${integrity}`;

  const wanted = Object.entries(locked).map(identify);
  const needed = Object.entries(locked).filter(([, { optional }]) => !optional);
  const found = Object.entries(installed).map(identify);
  expect(found.filter((one) => !wanted.includes(one))).toEqual([]);
  expect(needed.map(identify).filter((one) => !found.includes(one))).toEqual([]);
});

test("the first command works on a fresh checkout and prints what the README shows", async () => {
  const [command = ""] = commands("");
  expect(command).toBe("npm ci && npm run local");

  const { stdout, stderr } = await runUntilStopped(command.replace(/^npm ci && /, ""));

  const [shown] = blocks("text");
  const printed = shape(stdout);
  expect({ printed: printed.slice(0, printed.indexOf("Stop with Ctrl-C.") + 1), stderr }).toEqual({
    printed: shape(shown?.text ?? ""),
    stderr: expect.not.stringContaining("npm error"),
  });
});

test("a gate that holds prints what the README shows, and ends with the migrator's exit code", async () => {
  const [command = ""] = commands("exits 6");
  const { code, stdout } = await shell(command).ended;

  const [, shown] = blocks("text");
  expect(code).toBe(6);
  expect(shape(stdout.replaceAll(`${realpathSync(checkout)}/`, ""))).toEqual(shape(shown?.text ?? ""));
});

test("every other command that needs nothing else ends well", async () => {
  const failed: unknown[] = [];
  await keepPostgresRunning(join(checkout, ".data"), async () => {
    for (const command of commands("").slice(1)) {
      const { code, stdout, stderr } = await shell(command).ended;
      if (code !== 0) {
        failed.push({ command, code, stdout, stderr });
      }
    }
  });

  expect(failed).toEqual([]);
});

test("what runs these tests is the README's test command", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

  expect(commands("test")).toEqual(["npm ci && npm test"]);
  expect(scripts.test).toMatch(/^jest\b/);
});

test("the commands for Azure are accepted up to the point where they need Terraform", async () => {
  for (const command of commands("azure")) {
    const { code, stderr } = await shell(`TERRAFORM_BINARY_NAME=no-terraform-here ${command}`).ended;

    expect({ command, code, stderr }).toEqual({
      command,
      code: 2,
      stderr: expect.stringContaining("no-terraform-here (not on PATH)"),
    });
  }
});

test("the commands for what runs on Azure are accepted up to the point where they need a subscription", async () => {
  for (const command of commands("signed-in")) {
    const { code, stderr } = await shell(
      `ARM_SUBSCRIPTION_ID= AZURE_SUBSCRIPTION_ID= AZURE_CONFIG_DIR=/nowhere ${command}`,
    ).ended;

    expect({ command, code, stderr }).toEqual({
      command,
      code: 2,
      stderr: expect.stringContaining("subscription (missing)"),
    });
  }
});

test("every command is of a known kind", () => {
  const kinds = blocks("sh").map(({ needs }) => needs);
  expect(kinds).toEqual(["", "exits 6", "", "", "azure", "signed-in", "docker", "test"]);
});
