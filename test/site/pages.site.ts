import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { built, docs } from "../../site/paths";
import { listPages } from "../../site/sidebar";
import { launchBrowser, siteUrl } from "./support/browser";
import { type Visit, visit } from "./support/visit";

const pages = listPages();
let browser: Browser;
let visits: Visit[];

beforeAll(async () => {
  browser = await launchBrowser();
  visits = [];
  const waiting = [...pages];
  const context = await browser.newContext();
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      visits.push(await visit(context, next));
    }
  };
  await Promise.all([work(), work(), work()]);
});

afterAll(() => browser?.close());

const source = (path: string) => readFileSync(join(docs, `${path}.md`), "utf8");

/** What is wrong with each page where something is. */
const wrong = (find: (visit: Visit) => readonly unknown[]) =>
  visits.map((each) => ({ path: each.path, wrong: find(each) })).filter((each) => each.wrong.length > 0);

test("every page loads without an error and asks nobody but the site", () => {
  expect(visits.length).toBeGreaterThan(20);
  expect(wrong(({ errors, foreign }) => [...errors, ...foreign])).toEqual([]);
});

test("every link leads to a page, and its anchor to an element of it", () => {
  const ids = new Map(visits.map(({ path, content }) => [`/${path}.html`, content.ids]));
  ids.set("/", ids.get("/index.html") ?? []);
  const leadsNowhere = (link: string) => {
    const { origin, pathname, hash, protocol } = new URL(link);
    if (origin !== siteUrl()) return protocol !== "https:";
    const there = ids.get(pathname);
    if (!there && existsSync(join(built, pathname))) return false;
    return !there || (hash !== "" && !there.includes(decodeURIComponent(hash.slice(1))));
  };
  expect(visits.flatMap(({ content }) => content.links.filter((link) => link.includes("#"))).length).toBeGreaterThan(
    100,
  );
  expect(wrong(({ content }) => content.links.filter(leadsNowhere))).toEqual([]);
});

test("every page has a title of its own", () => {
  const titles = visits.map(({ content }) => content.title);
  expect(titles.filter((title, index) => title === "" || titles.indexOf(title) !== index)).toEqual([]);
});

test("headings begin with the one title and skip no level", () => {
  const isOutOfOrder = (level: number, index: number, levels: readonly number[]) =>
    index === 0 ? level !== 1 : level === 1 || level > (levels[index - 1] ?? 0) + 1;
  expect(
    wrong(({ content }) => (content.headings.length === 0 ? ["none"] : content.headings.filter(isOutOfOrder))),
  ).toEqual([]);
});

test("no page scrolls sideways on a phone", () => {
  expect(wrong(({ overflow }) => (overflow > 0 ? [overflow] : []))).toEqual([]);
});

test("a block of code says above it what it needs, how it ends, or which file it is", () => {
  const notes: Readonly<Record<string, string>> = {
    azure: "needs Azure",
    docker: "needs Docker or podman",
    "signed-in": "needs a signed-in Azure CLI",
    "exits 2": "ends with exit code 2",
    "exits 3": "ends with exit code 3",
    "exits 6": "ends with exit code 6",
  };
  const marked = (path: string) =>
    [...source(path).matchAll(/^ *```\w+ (azure|docker|signed-in|exits [236]|\S+\/\S+)$/gm)].map(
      ([, info = ""]) => notes[info] ?? info,
    );
  expect(pages.flatMap(marked).length).toBeGreaterThan(4);
  for (const { path, content } of visits) {
    expect({ path, needs: content.needs }).toEqual({ path, needs: marked(path) });
  }
});

test("every language is highlighted", () => {
  const most = new Map<string, number>();
  for (const { language, colours } of visits.flatMap(({ content }) => content.code)) {
    most.set(language, Math.max(most.get(language) ?? 0, colours));
  }
  most.delete("text");
  expect([...most.keys()]).toEqual(expect.arrayContaining(["ts", "sql", "sh", "kusto"]));
  expect([...most].filter(([, colours]) => colours < 3)).toEqual([]);
});

test("every diagram is drawn", () => {
  const fences = (path: string) => [...source(path).matchAll(/^```mermaid$/gm)].length;
  expect(fences("architecture")).toBe(1);
  for (const { path, content } of visits) {
    expect({ path, diagrams: content.diagrams }).toEqual({ path, diagrams: fences(path) });
  }
});
