import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listEnvironments, loadSettings, requireEnvironment } from "../../infra/environments";

it("knows the environments by their files", () => {
  expect(listEnvironments()).toEqual(["dev", "prod", "staging"]);
});

it.each(["dev", "staging", "prod"])("loads %s without a problem", (name) => {
  expect(loadSettings(name).environment).toBe(name);
});

it("fails when no environment is named, because there is no default", () => {
  for (const name of [undefined, ""]) {
    expect(() => requireEnvironment(name, "SCHEMAGATE_ENVIRONMENT")).toThrow(
      "SCHEMAGATE_ENVIRONMENT (missing): there is no default environment. Name one of: dev, prod, staging (or add " +
        "infra/settings/<environment>.ts)",
    );
  }
});

it.each(["production", "../errors", "dev.ts"])("fails when the environment is %s", (name) => {
  expect(() => requireEnvironment(name, "environment")).toThrow(
    `environment (${name}): unknown. Name one of: dev, prod, staging`,
  );
});

it("fails when a settings file names another environment than its own", () => {
  const directory = mkdtempSync(join(tmpdir(), "schemagate-settings-"));
  try {
    const dev = require.resolve("../../infra/settings/dev");
    writeFileSync(join(directory, "test.ts"), `module.exports = require(${JSON.stringify(dev)});\n`);
    expect(listEnvironments(directory)).toEqual(["test"]);
    expect(() => loadSettings("test", directory)).toThrow(
      "environment (dev): differs from its file's name (test.ts), and both name the environment. Make them equal",
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
