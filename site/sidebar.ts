import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Group } from "./pages";
import { docs } from "./paths";

export interface SidebarGroup {
  readonly text: string;
  readonly items: { readonly text: string; readonly link: string }[];
}

/** Sidebar of the groups that have pages. @throws Error when groups and docs/ differ. */
export function sidebarOf(groups: readonly Group[]): SidebarGroup[] {
  const problems = compare(
    groups.flatMap(({ pages }) => pages),
    listPages(),
  );
  if (problems.length > 0) {
    throw new Error(`site/pages.ts and docs/ differ:\n${problems.map((problem) => `- ${problem}`).join("\n")}`);
  }
  return groups
    .filter(({ pages }) => pages.length > 0)
    .map(({ title, pages }) => ({
      text: title,
      items: pages.map((page) => ({ text: readTitle(page), link: `/${page}` })),
    }));
}

/** What is wrong with a structure, given the pages there are; the home page has no place in it. */
export function compare(structured: readonly string[], existing: readonly string[]): string[] {
  const twice = structured.filter((page, index) => structured.indexOf(page) !== index);
  const extra = structured.filter((page) => !existing.includes(page));
  const missing = existing.filter((page) => page !== "index" && !structured.includes(page));
  return [
    ...missing.map((page) => `docs/${page}.md is in no group: add "${page}" to one`),
    ...extra.map((page) => `"${page}" has no docs/${page}.md: take it out, or write the page`),
    ...twice.map((page) => `"${page}" is there twice: take one out`),
  ];
}

/** Every page of docs/ by its path without `.md`. */
export function listPages(): string[] {
  const files = readdirSync(docs, { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".md")).map((file) => file.replaceAll("\\", "/").replace(/\.md$/, ""));
}

function readTitle(page: string): string {
  const [, title] = /^# (.+)$/m.exec(readFileSync(join(docs, `${page}.md`), "utf8")) ?? [];
  if (!title) {
    throw new Error(`docs/${page}.md has no title: begin it with "# " and its name`);
  }
  return title.replaceAll("`", "");
}
