import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readContainerApp } from "../../local/container-app";
import { localEnvironment } from "../../local/environment";
import { makeDirectory } from "../support/migrator";

function writeStack(apps: Record<string, unknown>): string {
  const outDir = makeDirectory();
  mkdirSync(join(outDir, "stacks/app"), { recursive: true });
  writeFileSync(join(outDir, "stacks/app/cdk.tf.json"), JSON.stringify({ resource: { azurerm_container_app: apps } }));
  return outDir;
}

/** A value that only Terraform can resolve. */
const reference = (to: string) => ["$", "{", to, "}"].join("");

const sizes = { cpu: 0.25, memory: "0.5Gi" };

const template = {
  init_container: [{ name: "migrate", image: "i:1", command: ["node", "cli.js"], args: ["up"], ...sizes }],
  container: [{ name: "app", image: "i:1", command: ["node", "app.js"], readiness_probe: [{ path: "/ready" }] }],
};

test("reads containers, port and readiness path whether blocks are written alone or as lists", () => {
  const expected = {
    initContainers: [{ name: "migrate", image: "i:1", command: ["node", "cli.js"], args: ["up"], env: [], ...sizes }],
    containers: [{ name: "app", image: "i:1", command: ["node", "app.js"], args: [], env: [] }],
    targetPort: 9000,
    readinessPath: "/ready",
    terminationGraceS: 30,
  };

  expect(readContainerApp(writeStack({ app: { ingress: { target_port: 9000 }, template } }), "app")).toEqual(expected);
  expect(
    readContainerApp(writeStack({ app: { ingress: [{ target_port: 9000 }], template: [template] } }), "app"),
  ).toEqual(expected);
});

test("fails when there is not exactly one Container App", () => {
  expect(() => readContainerApp(writeStack({}), "app")).toThrow("holds 0 Container Apps, one is expected");
});

test("a container gets its synthesized variables, this machine's database, and nothing of the shell", () => {
  const container = {
    name: "app",
    image: "i:1",
    command: [],
    args: [],
    env: [
      { name: "LOG_LEVEL", value: "info" },
      { name: "PGHOST", value: reference("azurerm_postgresql_flexible_server.server.fqdn") },
      { name: "STORAGE", value: reference("azurerm_storage_account.files.name") },
      { name: "API_KEY" },
      { name: "PORT", value: "8080" },
    ],
  };

  const { env, leftOut } = localEnvironment(
    container,
    { PATH: "/bin", SECRET_OF_THE_SHELL: "x" },
    { DATABASE_URL: "postgres://local/d" },
    { PORT: "5000" },
  );

  expect(env).toEqual({ PATH: "/bin", LOG_LEVEL: "info", DATABASE_URL: "postgres://local/d", PORT: "5000" });
  expect(leftOut).toEqual(["STORAGE", "API_KEY"]);
});
