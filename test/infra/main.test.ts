import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runStacks } from "../../infra/run-stacks";
import { version } from "../../package.json";
import { runScript } from "./support/run-script";
import { onlyResource } from "./support/synthesized";

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), "schemagate-main-"));
});
afterEach(() => rmSync(outdir, { recursive: true, force: true }));

const environment = (variables: Record<string, string>) => ({
  CDKTF_OUTDIR: join(outdir, "not", "there", "yet"),
  ...variables,
});

/** The program from its start. */
const run = (variables: Record<string, string>) => runScript("infra/main.ts", [], environment(variables));

/** All that infra/main.ts does, without the start. */
function runHere(variables: Record<string, string>) {
  const write = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  const exitCode = runStacks({ env: environment(variables), packageVersion: version });
  const stderr = write.mock.calls.map(([text]) => text).join("");
  write.mockRestore();
  return { exitCode, stderr };
}

const readApp = () =>
  JSON.parse(readFileSync(join(outdir, "not", "there", "yet", "stacks", "app", "cdk.tf.json"), "utf8"));

it("writes both stacks without the cdktf command line, saying nothing", async () => {
  const result = await run({ SCHEMAGATE_ENVIRONMENT: "dev" });
  expect(result).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  const app = onlyResource(readApp(), "azurerm_container_app");
  expect(app.template.init_container[0].image).toMatch(new RegExp(`/schemagate:${version.replaceAll(".", "\\.")}$`));
  expect(existsSync(join(outdir, "not", "there", "yet", "stacks", "platform", "cdk.tf.json"))).toBe(true);
});

it("takes a release's tag from SCHEMAGATE_IMAGE_TAG", () => {
  runHere({ SCHEMAGATE_ENVIRONMENT: "dev", SCHEMAGATE_IMAGE_TAG: "9.9.9" });
  expect(onlyResource(readApp(), "azurerm_container_app").template.container[0].image).toMatch(/\/schemagate:9\.9\.9$/);
});

it("takes a release's whole image from SCHEMAGATE_IMAGE, and an empty tag for none", () => {
  const image = `shop.example/shop@sha256:${"0a".repeat(32)}`;
  runHere({ SCHEMAGATE_ENVIRONMENT: "dev", SCHEMAGATE_IMAGE: image, SCHEMAGATE_IMAGE_TAG: "" });
  expect(onlyResource(readApp(), "azurerm_container_app").template.container[0].image).toBe(image);
});

it("fails when no environment is named: exit 2, the message and no stack trace", async () => {
  const { exitCode, stdout, stderr } = await run({});
  expect(exitCode).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain("SCHEMAGATE_ENVIRONMENT (missing): there is no default environment. Name one of: dev");
  expect(stderr).not.toMatch(/^\s+at /m);
});

it.each([
  [
    "the environment is unknown",
    { SCHEMAGATE_ENVIRONMENT: "qa" },
    "SCHEMAGATE_ENVIRONMENT (qa): unknown. Name one of: dev",
  ],
  [
    "the image is mutable",
    { SCHEMAGATE_ENVIRONMENT: "dev", SCHEMAGATE_IMAGE_TAG: "latest" },
    "has the mutable tag 'latest'",
  ],
])("fails when %s, too", (_, variables, message) => {
  const { exitCode, stderr } = runHere(variables);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/^\s+at /m);
});
