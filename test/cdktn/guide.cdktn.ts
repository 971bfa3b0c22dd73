import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { cdktnDirectory } from "../../scripts/install-cdktn";
import { commandsOf, readFences } from "../docs/support";
import { cleanEnvironment, makeDirectory, root, start } from "../support/migrator";

// The commands of docs/cdk-terrain.md that move this repository, in a copy of it.

let copy: string;

beforeAll(() => {
  copy = makeDirectory();
  const list = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root });
  for (const file of list.toString().split("\0").filter(Boolean)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  execFileSync("git", ["init", "--quiet"], { cwd: copy });
  execFileSync("git", ["add", "."], { cwd: copy });
  linkPackages();
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** What `npm install` would bring: this project's packages, and CDK Terrain's in the place of CDKTF's. */
function linkPackages(): void {
  const target = join(copy, "node_modules");
  mkdirSync(target);
  // npm writes its notes into the hidden lockfile, through a link too: that one is this project's own.
  const others = ["cdktf", "cdktf-cli", "constructs", "@cdktf", ".package-lock.json", ".cache"];
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (!others.includes(name)) {
      symlinkSync(join(root, "node_modules", name), join(target, name));
    }
  }
  for (const name of ["cdktn", "constructs", "@cdktn"]) {
    symlinkSync(join(cdktnDirectory, "node_modules", name), join(target, name));
  }
}

const commands = readFences("cdk-terrain.md")
  .filter(({ info }) => info === "cdktn")
  .flatMap(commandsOf)
  .filter((command) => !/synth:cdktn|test:cdktn/.test(command));

it("the commands of the guide bring this repository to CDK Terrain, and it type-checks", async () => {
  expect(commands.map((command) => command.split(" ").slice(0, 3).join(" "))).toEqual([
    "npm pkg delete",
    "npm pkg set",
    "npm install --save-dev",
    "git grep -lE",
    "npm run types",
  ]);
  for (const command of commands) {
    // The versions are looked up and checked against each other; the packages are here already.
    const line = command.replace(/^npm install /, "npm install --package-lock-only --ignore-scripts --prefer-offline ");
    const { code, stdout, stderr } = await start("bash", ["-c", line], cleanEnvironment(), { cwd: copy }).ended;
    expect({ command, code, output: code === 0 ? "" : stdout + stderr }).toEqual({ command, code: 0, output: "" });
  }
  const { devDependencies } = JSON.parse(readFileSync(join(copy, "package.json"), "utf8"));
  expect(Object.keys(devDependencies).filter((name) => name.includes("cdktf"))).toEqual([]);
  expect(devDependencies).toMatchObject({ cdktn: "0.24.0", "@cdktn/provider-azurerm": "16.1.0", constructs: "10.7.2" });
});
