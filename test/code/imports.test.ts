import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/migrator";
import { findCircles, type Import, importsOf, readImports, sourcesIn } from "./support/imports";
import { roomOf, rooms } from "./support/rooms";

const files = sourcesIn("migrator", "develop", "app", "infra", "deploy", "local");
const imports = readImports(files);
const isFile = ({ to }: Import) => files.includes(to);

/** Says of each import what it breaks. */
function broken(rule: string, wrong: readonly Import[]): string[] {
  return wrong.map(({ from, to }) => `${from} imports ${to}: ${rule}`);
}

it("every way to import is read", () => {
  const text = `import { a } from "./a"; import type { B } from "./b"; export * from "./c"; export { d } from "./d";
    const e = await import("./e"); type F = typeof import("./f"); const g = require("./g"); // import "./h"`;
  expect(importsOf(text)).toEqual([
    { specifier: "./a", loaded: "at once" },
    { specifier: "./b", loaded: "never" },
    { specifier: "./c", loaded: "at once" },
    { specifier: "./d", loaded: "at once" },
    { specifier: "./e", loaded: "when needed" },
    { specifier: "./f", loaded: "never" },
    { specifier: "./g", loaded: "when needed" },
  ]);
});

it("a circle of files is found", () => {
  const arrow = (from: string, to: string): Import => ({ from, to, loaded: "at once" });
  expect(findCircles([arrow("a", "b"), arrow("b", "c"), arrow("c", "b")])).toEqual([["b", "c", "b"]]);
});

it("every file is in a room", () => {
  expect(files.length).toBeGreaterThan(400);
  expect(files.filter((file) => roomOf(file) === undefined)).toEqual([]);
});

it("every room is in docs/code.md, and every file that the page names is there", () => {
  const page = readFileSync(join(root, "docs/code.md"), "utf8");
  const places = rooms.filter(({ name }) => name !== "ground").flatMap(({ at }) => at);
  expect(places.filter((place) => !page.includes(`\`${place.replace(/\/$/, "")}\``))).toEqual([]);
  const named = [...page.matchAll(/`((?:migrator|develop|infra|deploy|local|scripts|test)\/[\w./-]+)`/g)];
  expect(named.map(([, path = ""]) => path).filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

it("imports go down: a room imports from rooms that stand before it in the list", () => {
  const names = rooms.map(({ name }) => name);
  const upwards = rooms.flatMap(({ name, mayImport }, at) =>
    mayImport.filter((other) => !names.slice(0, at).includes(other)).map((other) => `${name} -> ${other}`),
  );
  expect(upwards).toEqual([]);
});

it.each(rooms)("$name imports only what it may", ({ name, mayImport }) => {
  const own = imports.filter((one) => isFile(one) && roomOf(one.from)?.name === name);
  const wrong = own.filter(({ to }) => ![name, ...mayImport].includes(roomOf(to)?.name ?? ""));
  const allowed = mayImport.join(", ") || "nothing";
  expect(broken(`${name} may import ${allowed}. See docs/code.md`, wrong)).toEqual([]);
});

it("no file imports itself, by whatever way", () => {
  expect(findCircles(imports).map((circle) => circle.join(" -> "))).toEqual([]);
});

it("develop is loaded when a command needs it: an image does without it", () => {
  const early = imports.filter(({ from, to, loaded }) => {
    const within = roomOf(from)?.name === "develop";
    return roomOf(to)?.name === "develop" && !within && loaded === "at once";
  });
  expect(broken("import() it, as load-develop.ts does", early)).toEqual([]);
});

describe("the framework", () => {
  const isFramework = ({ to }: Import) => /^(cdktf|constructs|@cdktf\/.*)$/.test(to);

  it("is imported by infra alone", () => {
    const wrong = imports.filter((one) => isFramework(one) && roomOf(one.from)?.name !== "infra");
    expect(imports.filter(isFramework).length).toBeGreaterThan(0);
    expect(broken("only infra/ imports the framework", wrong)).toEqual([]);
    expect(readImports(sourcesIn("scripts")).filter(isFramework)).toEqual([]);
  });

  it("is imported by deep paths, because the provider's root loads 1,500 modules", () => {
    const provider = imports.filter(({ to }) => to.startsWith("@cdktf/"));
    expect(provider.filter(({ to }) => !/^@cdktf\/provider-azurerm\/lib\/[a-z0-9-]+$/.test(to))).toEqual([]);
  });
});

it("Azure's clients are loaded in deploy only when Azure is asked: they are most of a start", () => {
  const importers = (wanted: (to: string) => boolean) => [
    ...new Set(
      imports
        .filter(({ from, to, loaded }) => from.startsWith("deploy/") && loaded === "at once" && wanted(to))
        .map(({ from }) => from),
    ),
  ];
  expect(importers((to) => to.startsWith("@azure/"))).toEqual(["deploy/azure/connect.ts"]);
  expect(importers((to) => /^deploy\/azure\/(azure|connect)\.ts$/.test(to))).toEqual(["deploy/azure/azure.ts"]);
});

describe("the process's environment", () => {
  const readers = (folder: string) =>
    files.filter((file) => file.startsWith(folder) && readFileSync(join(root, file), "utf8").includes("process.env"));

  it("is read in infra by main.ts alone", () => {
    expect(readers("infra/")).toEqual(["infra/main.ts"]);
  });

  it("is read in the migrator by the command line; the embedded server hands it on", () => {
    const elsewhere = readers("migrator/").filter((file) => roomOf(file)?.name !== "cli");
    expect(elsewhere).toEqual(["migrator/embedded/binaries.ts"]);
  });
});
