import { readFileSync } from "node:fs";
import { architectureFile, architecturePage } from "../../scripts/architecture";

let page: string;
beforeAll(async () => {
  page = await architecturePage();
});

test("the picture is what the stacks are", () => {
  // `npm run docs:architecture` writes it anew.
  expect(readFileSync(architectureFile, "utf8")).toBe(page);
});

test("every arrow begins and ends at a box", () => {
  const boxes = new Set([...page.matchAll(/^ {4}(\w+)\["/gm)].map(([, id]) => id));
  const arrows = [...page.matchAll(/^ {2}(\w+) -->(?:\|[^|]+\|)? (\w+)$/gm)];
  expect(arrows.length).toBeGreaterThan(20);
  for (const [arrow, from, to] of arrows) {
    expect([arrow, boxes.has(from ?? ""), boxes.has(to ?? "")]).toEqual([arrow, true, true]);
  }
});
