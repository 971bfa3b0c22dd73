import { join } from "node:path";
import { modelSettings, modelsOptions } from "../../../migrator/settings/models-options";
import { readProjectFile } from "../../../migrator/settings/project-file";
import { readOptions } from "../../../migrator/settings/read-options";
import { errorOf, writeProject } from "./support";

const readText = (text: string) => readProjectFile(writeProject({ "schemagate.json": text }));

describe("schemagate.json", () => {
  it("is optional, and found from below up to the directory of package.json", async () => {
    const files = {
      "package.json": "{}",
      "schemagate.json": '{ "models": ["a.ts"] }',
      "inner/package.json": "{}",
      "src/a.ts": "",
    };
    const dir = writeProject(files);
    expect(await readProjectFile(join(dir, "src"))).toEqual({ models: ["a.ts"], file: join(dir, "schemagate.json") });
    expect(await readProjectFile(join(dir, "inner"))).toBeUndefined();
  });

  it("fails with every wrong key and value at once, and suggests what was meant", async () => {
    const error = await errorOf(readText('{ "model": ["a"], "casing": "kebab", "modelsEnv": "PATH" }'));
    expect(error).toMatchObject({ exitCode: 2 });
    expect(error.problems.map(({ code }) => code)).toEqual(["unknown-key", "bad-key", "bad-key"]);
    expect(error.problems[0]?.hint).toContain("Did you mean models?");
    expect(error.problems[1]?.message).toMatch(/casing \("kebab"\) must be one of snake_case, camelCase$/);
  });

  it.each([
    ["[]", /must be an object, and is a list$/],
    ["null", /must be an object, and is null$/],
    ['{\n  "models": ["a"],\n}', /schemagate\.json:3:1: is no JSON/],
    ['{ "models": [] }', /models \(\[\]\) must be a list of paths$/],
    ['{ "models": ["a", 1] }', /models .* must be a list of paths$/],
  ])("fails for %s", async (text, message) => {
    expect(await errorOf(readText(text))).toMatchObject({ exitCode: 2, message: expect.stringMatching(message) });
  });
});

describe("what names models", () => {
  const project = {
    models: ["app/models.ts", "sql:schema"],
    casing: "snake_case" as const,
    file: "/project/schemagate.json",
  };
  const settings = (given: Record<string, unknown>, env: Record<string, string>, file?: typeof project) =>
    modelSettings(readOptions(modelsOptions, given, env), file, "/project/app");

  it("is the option, then the variable, then the file, whose paths are relative to it", () => {
    const env = { SCHEMAGATE_MODELS: "c.ts, d" };
    expect(settings({ models: ["a.ts", "b"] }, env, project).paths).toEqual(["a.ts", "b"]);
    expect(settings({}, env, project).paths).toEqual(["c.ts", "d"]);
    expect(settings({}, {}, project)).toEqual({
      paths: ["models.ts", "sql:../schema"],
      casing: "snake_case",
      passEnv: [],
    });
    expect(settings({}, {})).toEqual({ paths: [], casing: undefined, passEnv: [] });
  });

  it("fails when one of several is empty", () => {
    expect(() => settings({}, { SCHEMAGATE_MODELS: "a.ts,,b" })).toThrow(/SCHEMAGATE_MODELS .* one of them is empty/);
  });
});
