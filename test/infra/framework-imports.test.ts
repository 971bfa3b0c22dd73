import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { projectDirectory } from "./support/run-script";

const framework = /from "(cdktf|constructs|@cdktf\/[^"]+)"|require\("(cdktf|constructs|@cdktf\/[^"]+)"\)/g;

function sourcesIn(folder: string): string[] {
  const path = join(projectDirectory, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .map((name) => join(path, name))
    .filter((file) => /\.(c|m)?ts$/.test(file) && statSync(file).isFile());
}

function importsOf(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(framework)].map(([, from, required]) => from ?? required ?? "");
}

describe("the framework", () => {
  it.each(["migrator", "develop", "app", "local", "scripts", "deploy"])("is imported nowhere in %s", (folder) => {
    expect(sourcesIn(folder).filter((file) => importsOf(file).length > 0)).toEqual([]);
  });

  it("is imported from deep paths in infra, because the provider's root loads 1,500 modules", () => {
    const imports = sourcesIn("infra").flatMap(importsOf);
    expect(imports.length).toBeGreaterThan(0);
    for (const name of imports.filter((name) => name.startsWith("@cdktf/"))) {
      expect(name).toMatch(/^@cdktf\/provider-azurerm\/lib\/[a-z0-9-]+$/);
    }
  });
});

it("leaves reading environment variables to infra/main.ts", () => {
  const readers = sourcesIn("infra").filter((file) => readFileSync(file, "utf8").includes("process.env"));
  expect(readers).toEqual([join(projectDirectory, "infra", "main.ts")]);
});

it("loads Azure's clients in deploy only when Azure is asked: they are most of a start", () => {
  const importers = (name: RegExp) =>
    sourcesIn("deploy").filter((file) => name.test(readFileSync(file, "utf8").replaceAll(/^import type .*$/gm, "")));
  const folder = join(projectDirectory, "deploy", "azure");
  expect(importers(/^import .* from "@azure\//m)).toEqual([join(folder, "connect.ts")]);
  expect(importers(/^import .* from ".*\/(azure\/azure|connect)"/m)).toEqual([join(folder, "azure.ts")]);
});
