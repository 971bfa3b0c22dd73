import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { apiPages } from "../../site/api-reference";
import { outsidePath } from "../../site/markdown/outside-links";
import { docs, root } from "../../site/paths";
import { compare } from "../../site/sidebar";

test.each(apiPages)("docs/%s is what the docstrings say", (path) => {
  // `npm run docs:api` writes it anew.
  const written = readFileSync(join(process.env.SCHEMAGATE_TEST_API ?? "", path), "utf8");
  expect(readFileSync(join(docs, path), "utf8")).toBe(written);
});

test("pages without a place, places without a page, and pages with two places are named", () => {
  expect(compare(["cli", "gone", "cli"], ["index", "cli", "new"])).toEqual([
    'docs/new.md is in no group: add "new" to one',
    '"gone" has no docs/gone.md: take it out, or write the page',
    '"cli" is there twice: take one out',
  ]);
  expect(compare(["cli", "new"], ["index", "cli", "new"])).toEqual([]);
});

test.each([
  ["../README.md", "cli.md", "README.md"],
  ["../infra/index.ts#L3", "cli.md", "infra/index.ts"],
  ["../../infra/index.ts", "adr/0001-cdktf.md", "infra/index.ts"],
  ["adr", "cli.md", "docs/adr"],
  ["exit-codes.md", "cli.md", undefined],
  ["../cli.md#up", "adr/0001-cdktf.md", undefined],
  ["performance/noop.json", "performance.md", undefined],
  ["https://example.org/README.md", "cli.md", undefined],
  ["#up", "cli.md", undefined],
])("a link to %s on %s leads out of the pages to %s", (href, page, expected) => {
  expect(outsidePath(href, page)).toBe(expected);
});

test("a link to a file that is not there is refused", () => {
  expect(() => outsidePath("../infra/gone.ts", "cli.md")).toThrow("docs/cli.md links to ../infra/gone.ts");
  expect(() => outsidePath("../../elsewhere.md", "cli.md")).toThrow("there is no ../elsewhere.md");
});

test("the site and its tests are typed", () => {
  const { stdout, status } = spawnSync(join(root, "node_modules/.bin/tsc"), ["--project", "site"], {
    encoding: "utf8",
  });
  expect({ stdout, status }).toEqual({ stdout: "", status: 0 });
});
