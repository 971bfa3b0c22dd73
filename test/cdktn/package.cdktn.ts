import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cdktnDirectory } from "../../scripts/install-cdktn";
import { exampleStack } from "../package/support/example-stack";
import { cleanEnvironment, makeDirectory, root, start } from "../support/migrator";
import { packProject } from "../support/pack";

/** A project on CDK Terrain that has installed the tarball, and no cdktf. */
let project: string;

beforeAll(async () => {
  project = makeDirectory();
  const modules = join(project, "node_modules");
  mkdirSync(join(modules, "schemagate"), { recursive: true });
  const tarball = await packProject();
  await start("tar", ["-xzf", tarball, "--strip-components=1", "-C", join(modules, "schemagate")], process.env).ended;
  for (const name of ["cdktn", "constructs", "@cdktn/provider-azurerm"])
    link(join(cdktnDirectory, "node_modules"), name);
  for (const name of ["jiti", "zod", "@types/node", "undici-types"]) link(join(root, "node_modules"), name);
  writeFileSync(join(project, "package.json"), '{ "name": "shop", "version": "1.0.0", "private": true }');
  writeFileSync(join(project, "stack.ts"), exampleStack("cdktn"));
  writeFileSync(join(project, "settings.ts"), settings);

  function link(from: string, name: string): void {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(from, name), join(modules, name));
  }
});

const run = (...args: string[]) => start(process.execPath, args, cleanEnvironment(), { cwd: project }).ended;

it("an app of CDK Terrain takes the constructs from schemagate/infra/cdktn", async () => {
  const result = await run("node_modules/jiti/lib/jiti-cli.mjs", "stack.ts");
  expect(result).toEqual({ code: 0, stdout: "", stderr: "" });
  const json = JSON.parse(readFileSync(join(project, "cdktf.out/stacks/shop/cdk.tf.json"), "utf8"));
  const [app] = Object.values<{ template: { init_container: { image: string }[] } }>(
    json.resource.azurerm_container_app,
  );
  expect(app?.template.init_container[0]?.image).toBe("shop.example/shop:1.4.0");
  expect(json.terraform.required_providers.azurerm.version).toBe("4.73.0");
});

it("it type-checks under strict, with every declaration looked into", async () => {
  const options = ["--strict", "--noEmit", "--skipLibCheck", "false", "--target", "es2022", "--types", "node"];
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const result = await run(
    compiler,
    ...options,
    "--module",
    "node16",
    "--moduleResolution",
    "node16",
    "stack.ts",
    "settings.ts",
  );
  expect(result).toEqual({ code: 0, stdout: "", stderr: "" });
});

const settings = `import { type EnvironmentSettings, resolveSettings } from "schemagate/stacks/cdktn";

export const projectOf = (settings: EnvironmentSettings): string => resolveSettings(settings, "here").project;
`;
