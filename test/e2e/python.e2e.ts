import { copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ContainerApp, readContainerApp } from "../../local/container-app";
import { commandsOf, fencesOf, readFences } from "../docs/support";
import { synthesizeStack } from "../infra/support/synthesized";
import { createAdoptedDatabase, fixture } from "../migrator/adopt/support";
import { useTestDatabase } from "../support/database";
import { cleanEnvironment, makeDirectory, root, start } from "../support/migrator";
import { packProject } from "../support/pack";
import { dockerPath } from "./support/docker";
import { removeReplicas, startReadyReplica, startReplica } from "./support/pods";
import { preparePythonImage, pythonImageWith } from "./support/python-image";
import { containerEnvironment, runEngine } from "./support/runtime";

/** Images are built, the base at first. */
/** Neither root nor the image's own. */
const user = 54_321;

let app: ContainerApp;
let migrator: string;
let image: string;

beforeAll(async () => {
  app = documentedApp();
  preparePythonImage();
  migrator = await packProject();
  image = pythonImageWith("good", migrator, {});
});

afterEach(removeReplicas);
const database = useTestDatabase();

/** Synthesizes the example of docs/other-languages.md as it stands. */
function documentedApp(): ContainerApp {
  const page = readFileSync(join(root, "docs/other-languages.md"), "utf8");
  const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(page) ?? [];
  const dir = makeDirectory();
  symlinkSync(join(root, "node_modules"), join(dir, "node_modules"));
  writeFileSync(join(dir, "example.ts"), code.replace('"schemagate/infra"', JSON.stringify(join(root, "infra"))));
  const { addBooks } = require(join(dir, "example.ts"));
  const stack = synthesizeStack((scope) => addBooks(scope, "books.example/books:1.0.0"));
  mkdirSync(join(dir, "stacks/app"), { recursive: true });
  writeFileSync(join(dir, "stacks/app/cdk.tf.json"), JSON.stringify(stack));
  return readContainerApp(dir, "app");
}

const book = { title: "The Left Hand of Darkness", author: "Ursula K. Le Guin" };

const postBook = (url: string) =>
  fetch(`${url}/books`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(book),
  });

const listBooks = async (url: string) => (await fetch(`${url}/books`)).json();

test("the migrator in a Python image opens the gate, and the API answers over what it made, as any user", async () => {
  const replica = await startReadyReplica({ app, image, url: database.url, user });

  expect(await replica.migratorLines()).toContainEqual(
    expect.objectContaining({ event: "done", current: "20260315083000_index_books_sort_title" }),
  );
  expect((await postBook(replica.url)).status).toBe(201);
  expect(await listBooks(replica.url)).toEqual([{ id: 1, ...book }]);
  expect(await database.query("SELECT sort_title FROM books")).toEqual([{ sort_title: "left hand of darkness" }]);
  const status = runEngine("exec", replica.nameOf("app"), "cat", "/proc/1/status");
  expect(status).toMatch(new RegExp(`^Uid:\\t${user}\\t${user}`, "m"));
  expect(status).toMatch(/^CapBnd:\t0+$/m);
});

test("a broken migration holds the gate of a Python image, and the version before it keeps answering", async () => {
  const broken = pythonImageWith("broken", migrator, {
    "20991231000000_add_pages.sql":
      "-- migrate:up\nALTER TABLE books ADD COLUMN pages integer;\nSELECT nonsense;\n-- migrate:down\n",
  });
  const old = await startReadyReplica({ app, image, url: database.url, user });
  await postBook(old.url);

  const held = await startReplica({ app, image: broken, url: database.url, user });

  expect(await held.migrated).toBe(6);
  expect((await held.state("app")).status).toBe("created");
  expect(await held.migratorLines()).toContainEqual(
    expect.objectContaining({ event: "failed", message: expect.stringContaining("nonsense"), exitCode: 6 }),
  );
  expect(await database.query("SELECT count(*)::integer AS n FROM schemagate.migrations")).toEqual([{ n: 4 }]);
  expect(await listBooks(old.url)).toEqual([{ id: 1, ...book }]);
});

test("the image's own user finds what a start compiles in it, and can change nothing of the migrator", () => {
  const shell = (script: string) => runEngine("run", "--rm", "--network=none", image, "sh", "-c", script);

  expect(shell("ls /opt/schemagate/compile-cache/*-10001 | wc -l")).toBe("1");
  expect(shell("find /opt/schemagate /app -writable ! -type l")).toBe("");
});

describe("the commands of its pages", () => {
  const dir = makeDirectory();
  const example = join(dir, "examples/python-api");
  const fences = [
    ...readFences("other-languages.md").map((fence) => ({ fence, cwd: dir })),
    ...fencesOf(readFileSync(join(root, "examples/python-api/README.md"), "utf8")).map((fence) => ({
      fence,
      cwd: example,
    })),
  ];
  const commands = fences
    .filter(({ fence }) => fence.info === "docker")
    .flatMap(({ fence, cwd }) => commandsOf(fence).map((command) => ({ command, cwd })));

  beforeAll(() => {
    cpSync(join(root, "examples/python-api"), example, { recursive: true });
    copyFileSync(migrator, join(example, "schemagate.tgz"));
    cpSync(fixture("alembic-versions"), join(example, "alembic/versions"), { recursive: true });
  });

  it("end well, one behind the other, with the tarball that is under test, on this machine's network", async () => {
    expect(commands.length).toBeGreaterThan(5);
    for (const { command, cwd } of commands) {
      const taken = command.includes("--from alembic") ? await createAdoptedDatabase("alembic") : database;
      const { code, output } = await runHere(command, cwd, taken.url);
      expect({ command, code, output: code === 0 ? "" : output }).toEqual({ command, code: 0, output: "" });
    }
  });

  /** The API serves until it is told to stop; everything else ends by itself. */
  async function runHere(command: string, cwd: string, url: string) {
    const line = command
      .replace(/^docker build /, "docker build --build-arg SCHEMAGATE=./schemagate.tgz ")
      .replace(/^docker run (?!.*--network)/, "docker run --network host ")
      .replace(/-p 127\.0\.0\.1:8080:8080/, "-e HOST=127.0.0.1 -e PORT=0");
    const serves = command.includes(" -p ");
    const env = cleanEnvironment({ ...containerEnvironment(), PATH: dockerPath(), DATABASE_URL: url });
    const { child, ended } = start("bash", ["-c", `exec ${line}`], env, { cwd });
    if (serves) child.stdout?.on("data", (text) => String(text).includes("listening") && child.kill("SIGTERM"));
    const { code, stdout, stderr } = await ended;
    return { code, output: stdout + stderr };
  }
});
