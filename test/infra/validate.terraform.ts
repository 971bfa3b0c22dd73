import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { composeApp } from "../../infra/compose";
import { loadSettings } from "../../infra/environments";
import { stackIds } from "../../infra/naming";

// `npm run test:terraform`: the synthesized stacks through the real Terraform and the real provider. Not part of `npm test`,
// because the provider comes from Terraform's registry, or from a mirror that a variable names.

/** `registry`, or the directory of a filesystem mirror. */
const providers = process.env.SCHEMAGATE_TERRAFORM_PROVIDERS ?? "";

let directory: string;

beforeAll(() => {
  if (providers === "") {
    throw new Error(
      "SCHEMAGATE_TERRAFORM_PROVIDERS (missing): these tests need the provider. Set it to 'registry', or to the directory " +
        "of a filesystem mirror ('terraform providers mirror')",
    );
  }
  directory = mkdtempSync(join(tmpdir(), "schemagate-terraform-"));
  const mirror = `filesystem_mirror { path = ${JSON.stringify(providers)} }`;
  const installation = `provider_installation {\n  ${providers === "registry" ? "direct {}" : mirror}\n}\n`;
  writeFileSync(join(directory, "terraformrc"), installation);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe.each(["dev", "staging", "prod"])("%s", (environment) => {
  test.each(stackIds)("Terraform finds nothing wrong with %s", (stack) => {
    const outdir = join(directory, environment);
    composeApp({ settings: loadSettings(environment), packageVersion: "1.2.3", outdir }).app.synth();
    const cwd = join(outdir, "stacks", stack);
    const env = { ...process.env, TF_CLI_CONFIG_FILE: join(directory, "terraformrc"), CHECKPOINT_DISABLE: "1" };
    const terraform = (...args: string[]) => execFileSync("terraform", args, { cwd, env, encoding: "utf8" });
    terraform("init", "-backend=false", "-input=false", "-no-color");
    expect(JSON.parse(terraform("validate", "-json"))).toMatchObject({ valid: true, diagnostics: [] });
  });
});
