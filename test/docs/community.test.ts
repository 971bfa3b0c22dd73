import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { scripts } from "../../package.json";
import { root } from "../support/migrator";

const read = (file: string) => readFileSync(join(root, file), "utf8");
const files = [
  "README.md",
  "CONTRIBUTING.md",
  "AGENTS.md",
  "SECURITY.md",
  "CHANGELOG.md",
  "examples/python-api/README.md",
];

it.each(files)("%s: every file that it links to is there", (file) => {
  for (const [, target = ""] of read(file).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)) {
    expect({ file, target, there: existsSync(join(root, dirname(file), target)) }).toEqual({
      file,
      target,
      there: true,
    });
  }
});

it.each(files)("%s: every npm script that it names is one", (file) => {
  for (const [, script = ""] of read(file).matchAll(/npm run (?:--silent )?([\w:]+)/g)) {
    expect(Object.keys(scripts)).toContain(script);
  }
});

describe("the issue templates", () => {
  const directory = ".github/ISSUE_TEMPLATE";
  const forms = readdirSync(join(root, directory)).filter((file) => file !== "config.yml");

  it.each(forms)("%s asks for something, by ids of its own", (file) => {
    const { name, description, body } = parse(read(`${directory}/${file}`));
    expect(typeof name).toBe("string");
    expect(typeof description).toBe("string");
    const ids = body.map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(body.some(({ validations }: { validations?: { required?: boolean } }) => validations?.required)).toBe(true);
  });
});

it.each(["package.json", "site/package.json", "cdktn/package.json", "bench/package.json"])(
  "docs/dependencies.md says why each dependency of %s is there",
  (manifest) => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read(manifest));
    const rows = read("docs/dependencies.md")
      .split("\n")
      .filter((line) => line.startsWith("| "));
    const named = rows.flatMap((row) => (row.split("|")[1] ?? "").split(/[\s,]+/));
    const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
    const isNamed = (name: string) =>
      named.includes(name) || (name.startsWith("@types/") && named.includes("@types/*"));
    expect(names.filter((name) => !isNamed(name))).toEqual([]);
  },
);

it("every event that the migrator prints is in docs/log-fields.md", () => {
  const sources = ["migrator", "develop"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.startsWith("migrations/"))
      .map((file) => read(join(folder, file))),
  );
  const events = new Set(
    sources.flatMap((text) => [...text.matchAll(/\bevent: "([a-z-]+)"/g)].map(([, name]) => name)),
  );
  expect(events.size).toBeGreaterThan(20);
  const page = read("docs/log-fields.md");
  expect([...events].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

it("every setting of an environment is in docs/settings.md", () => {
  const source = read("infra/environment-settings.ts");
  const schema = source.slice(source.indexOf("const network"), source.indexOf("const settingsSchema"));
  const keys = [...schema.matchAll(/^ {2,6}([a-z]\w+)(?::|,$)/gm)].map(([, key = ""]) => key);
  const page = read("docs/settings.md");
  expect(keys.length).toBeGreaterThan(40);
  const isZod = (key: string) => ["error", "day", "hour"].includes(key);
  expect(keys.filter((key) => !isZod(key) && !new RegExp(`\\b${key}\\b`).test(page))).toEqual([]);
});

it("every file that docs/guarantees.md calls a proof is there", () => {
  const proofs = [...read("docs/guarantees.md").matchAll(/`(test\/[\w./-]+)`/g)].map(([, file = ""]) => file);
  expect(proofs.length).toBeGreaterThan(10);
  expect(proofs.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

it("the changelog follows the version", () => {
  expect(read("CHANGELOG.md")).toMatch(/^## \[Unreleased\]$/m);
});
