import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { scripts } from "../../package.json";
import { root } from "../support/migrator";

const read = (file: string) => readFileSync(join(root, file), "utf8");
const files = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "examples/python-api/README.md"];

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

it("the changelog follows the version", () => {
  expect(read("CHANGELOG.md")).toMatch(/^## \[Unreleased\]$/m);
});
