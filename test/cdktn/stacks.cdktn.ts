import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listEnvironments } from "../../infra/environments";
import { stackIds } from "../../infra/naming";
import { synthesize } from "../../local/synth";
import { runScript } from "../infra/support/run-script";
import { type Difference, findDifferences } from "./support/differences";

interface KnownDifference extends Difference {
  readonly because: string;
}

/** All that differs in a stack. What is not in this list fails the test, and so does what is in it and differs no more. */
const knownInStacks: readonly KnownDifference[] = [
  {
    at: "//.metadata.version",
    cdktf: "0.21.0",
    cdktn: "0.24.0",
    because: "the framework signs what it writes; Terraform reads nothing of it",
  },
  {
    at: "terraform.required_providers.azurerm.version",
    cdktf: "4.55.0",
    cdktn: "4.73.0",
    because: "bindings ask for the version they were made from: @cdktn/provider-azurerm 16.1.0 for a later 4.x",
  },
];

/** All that differs in manifest.json, which the command lines read. */
const knownInManifest: readonly KnownDifference[] = [
  { at: "version", cdktf: "0.21.0", cdktn: "0.24.0", because: "the framework signs what it writes" },
];

const manifest = "manifest.json";
const stackFiles = stackIds.map((stack) => join("stacks", stack, "cdk.tf.json"));

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "schemagate-cdktn-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const withoutReasons = (known: readonly KnownDifference[]): readonly Difference[] =>
  known.map(({ because, ...difference }) => difference);

const filesIn = (outdir: string) =>
  readdirSync(outdir, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".json"))
    .sort();

const readJson = (outdir: string, file: string): unknown => JSON.parse(readFileSync(join(outdir, file), "utf8"));

describe.each(listEnvironments())("%s", (environment) => {
  const outdirs = () => [join(directory, environment, "cdktf"), join(directory, environment, "cdktn")] as const;

  const differencesIn = (file: string) => {
    const [cdktf, cdktn] = outdirs();
    return findDifferences(readJson(cdktf, file), readJson(cdktn, file));
  };

  beforeAll(async () => {
    const [cdktf, cdktn] = outdirs();
    await synthesize(environment, cdktf);
    const result = await runScript("scripts/synth-cdktn.ts", [environment], { CDKTF_OUTDIR: cdktn });
    expect(result).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  });

  it("has the same stacks", () => {
    const [cdktf, cdktn] = outdirs();
    expect(filesIn(cdktn)).toEqual([manifest, ...stackFiles].sort());
    expect(filesIn(cdktf)).toEqual(filesIn(cdktn));
  });

  it.each(stackFiles)("has the same addresses and arguments in %s, the known differences apart", (file) => {
    expect(differencesIn(file)).toEqual(withoutReasons(knownInStacks));
  });

  it("lists the stacks for the command line in the same order, with the same dependencies", () => {
    expect(differencesIn(manifest)).toEqual(withoutReasons(knownInManifest));
  });
});

describe("what counts as a difference", () => {
  const app = { image: "shop:1", replicas: 1, env: [{ name: "A" }, { name: "B" }] };
  const stack = { resource: { azurerm_container_app: { app } } };

  it.each<[what: string, changed: unknown, at: string]>([
    ["an argument with another value", { ...app, image: "shop:2" }, ".image"],
    ["an argument with another type", { ...app, replicas: "1" }, ".replicas"],
    ["an argument that is gone", { ...app, image: undefined }, ".image"],
    ["an argument that is new", { ...app, cpu: null }, ".cpu"],
    ["a block that is new", { ...app, env: [...app.env, { name: "C" }] }, ".env.2"],
    ["an argument of a block", { ...app, env: [{ name: "A" }, { name: "C" }] }, ".env.1.name"],
    ["a block that became a list", { ...app, env: {} }, ".env"],
    ["a resource that is gone", undefined, ""],
  ])("%s", (_, changed, at) => {
    const other = { resource: { azurerm_container_app: { app: changed } } };
    const places = findDifferences(stack, other).map((difference) => difference.at);
    expect(places).toEqual([`resource.azurerm_container_app.app${at}`]);
  });

  it("not the order of keys", () => {
    const { image, ...rest } = app;
    expect(findDifferences(app, { ...rest, image })).toEqual([]);
  });
});
