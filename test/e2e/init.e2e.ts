import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { useTestDatabase } from "../support/database";
import { makeDirectory, root } from "../support/migrator";
import { initIn, install, type Project, projectIn } from "../support/scaffold";
import { serveTarball, type TarballServer } from "../support/tarball-server";
import { dockerPath } from "./support/docker";
import { preparePythonImage, pythonReference } from "./support/python-image";
import { containerEnvironment, engine, engineName, runEngine } from "./support/runtime";

/** Images are built, with what npm fetches. */
let server: TarballServer;

beforeAll(async () => {
  server = await serveTarball();
});

afterAll(() => server.close());

const database = useTestDatabase();

/** On this machine's network, where this very process serves the tarball: so it must not be blocked meanwhile. */
async function build(project: Project, tag: string, ...args: string[]): Promise<string> {
  const image = `localhost/schemagate-e2e:${tag}`;
  await engine().run(["build", "--quiet", "--network=host", "--tag", image, ...args, project.dir]);
  return image;
}

describe("a project that init made", () => {
  const project = projectIn(join(makeDirectory(), "notes"));

  const play = (image: string) =>
    project.run(`npm run --silent local -- --runtime ${engineName()} --image ${image} --once --port 0`, {
      ...containerEnvironment(),
      DATABASE_URL: database.url,
      PATH: dockerPath(),
    });

  beforeAll(async () => {
    await initIn(project, "--yes --json");
    await install(project, server.url);
  });

  it("builds an image that passes its gate, and holds nothing that is only for laptops", async () => {
    const image = await build(project, "init-good");

    const { code, stdout, stderr } = await play(image);

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/migrate \| 1 migration applied[\s\S]+gate open[\s\S]+app ready/);
    const found = runEngine("run", "--rm", "--network=none", image, "find", "/app", "-type", "f");
    expect(found).toContain("/app/migrator/migrations/seal.json");
    expect(found.split("\n").filter((file) => /cdktf|esbuild|embedded|develop\.js|deploy\.js/.test(file))).toEqual([]);
    const writable = runEngine("run", "--rm", "--network=none", image, "find", "/app", "-writable", "!", "-type", "l");
    expect(writable).toBe("");
  });

  it("holds the gate when a migration fails", async () => {
    project.write("migrator/migrations/20990101000000_fails.sql", "-- migrate:up\nSELECT nonsense;\n");

    const { code, stdout } = await play(await build(project, "init-broken"));

    expect(code).toBe(6);
    expect(stdout).toContain("the gate holds");
    expect(stdout).not.toContain('container "app" started');
  });
});

describe("an API that was there, in Python", () => {
  const project = projectIn(join(makeDirectory(), "books"));

  beforeAll(async () => {
    preparePythonImage();
    cpSync(join(root, "examples/python-api/api.py"), join(project.dir, "api.py"));
    project.write("Dockerfile", `FROM ${pythonReference}\nWORKDIR /app\nCOPY api.py ./\nCMD ["python3", "api.py"]\n`);
    await initIn(project, "--yes --json");
    cpSync(join(root, "examples/python-api/migrations"), join(project.dir, "migrator/migrations"), { recursive: true });
  });

  it("has the migrator in its image once both pieces of the stage are in its Dockerfile", async () => {
    const [, stage = "", end = ""] = project.read("migrator/Dockerfile.stage").split(/^# \d\. .*$/m);
    const theirs = readFileSync(join(project.dir, "Dockerfile"), "utf8");
    project.write("Dockerfile", `${stage}\n${theirs}\n${end}`);
    const image = await build(project, "init-python", "--build-arg", `SCHEMAGATE=${server.url}`);
    const run = (...command: string[]) =>
      runEngine(
        "run",
        "--rm",
        "--read-only",
        "--network=host",
        "--user=54321",
        "--cap-drop=all",
        "--env",
        `DATABASE_URL=${database.url}`,
        image,
        ...command,
      );

    run("/opt/schemagate/schemagate", "up");

    expect(JSON.parse(run("/opt/schemagate/schemagate", "status"))).toMatchObject({ open: true, pending: 0 });
    expect(await database.query("SELECT to_regclass('books') IS NOT NULL AS there")).toEqual([{ there: true }]);
    expect(run("python3", "-c", "print('the API is there')")).toBe("the API is there");
  });
});
