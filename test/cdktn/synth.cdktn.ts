import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runScript } from "../infra/support/run-script";
import { onlyResource } from "../infra/support/synthesized";

let outdir: string;
beforeEach(() => {
  outdir = join(mkdtempSync(join(tmpdir(), "schemagate-cdktn-")), "out");
});
afterEach(() => rmSync(join(outdir, ".."), { recursive: true, force: true }));

const run = (scriptArguments: readonly string[], variables: Readonly<Record<string, string>> = {}) =>
  runScript("scripts/synth-cdktn.ts", scriptArguments, { CDKTF_OUTDIR: outdir, ...variables });

it("takes a release's image from SCHEMAGATE_IMAGE, as `synth` does", async () => {
  const image = `shop.example/shop@sha256:${"0a".repeat(32)}`;
  expect(await run(["dev"], { SCHEMAGATE_IMAGE: image })).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  const app = onlyResource(
    JSON.parse(readFileSync(join(outdir, "stacks", "app", "cdk.tf.json"), "utf8")),
    "azurerm_container_app",
  );
  expect(app.template.init_container[0].image).toBe(image);
});

it.each([
  ["no environment is named", [], {}, "environment (missing): there is no default environment. Name one of: dev"],
  ["the environment is unknown", ["qa"], {}, "environment (qa): unknown. Name one of: dev"],
  ["more than an environment is named", ["dev", "app"], {}, "arguments (app): only the environment is taken"],
  ["the image is mutable", ["dev"], { SCHEMAGATE_IMAGE_TAG: "latest" }, "has the mutable tag 'latest'"],
])("fails when %s: exit 2, the message and no stack trace, nothing written", async (_, words, variables, message) => {
  const { exitCode, stdout, stderr } = await run(words, variables);
  expect(exitCode).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(existsSync(join(outdir, "manifest.json"))).toBe(false);
});
