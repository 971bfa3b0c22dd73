import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cleanEnvironment, root, start } from "../support/migrator";
import { dockerPath } from "./support/docker";
import { containerEnvironment, runEngine } from "./support/runtime";

/** Commands of the README's block for containers, without their comments. */
const commands = (/```sh docker\n([\s\S]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8"))?.[1] ?? "")
  .split("\n")
  .map((line) => line.replace(/ #.*$/, "").trim())
  .filter(Boolean);

test("its commands for containers are those that these tests run", () => {
  expect(commands).toEqual([
    // local.e2e.ts
    "npm run local -- --runtime docker",
    // below
    "docker build -t schemagate-orders .",
    // compose.e2e.ts
    "docker compose up --build",
    "docker compose run --rm migrate status",
  ]);
});

test("docker build makes an image that says what a start of it needs", async () => {
  const build = commands.find((command) => command.startsWith("docker build")) ?? "";
  const env = { ...containerEnvironment(), PATH: dockerPath() };

  expect(await start("bash", ["-c", build], cleanEnvironment(env)).ended).toMatchObject({ code: 0 });

  const { code, stderr } = await start("docker", ["run", "--rm", "--network=none", "schemagate-orders"], env).ended;
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("no database is named") });
  runEngine("rmi", "schemagate-orders");
});
