import type { Browser, Page } from "playwright-core";
import { launchBrowser, open, withPage } from "./support/browser";
import { findFaintText } from "./support/contrast";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

const background = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const drawing = (page: Page) => page.evaluate(() => document.querySelector(".diagram svg")?.outerHTML ?? "");

describe.each(["light", "dark"] as const)("in the %s theme", (colorScheme) => {
  test.each(["index", "migrations", "runbook", "cli", "api/library", "exit-codes"])("%s can be read", async (path) => {
    await withPage(browser, { colorScheme }, async (page) => {
      await open(page, path);
      expect(await page.evaluate(() => document.documentElement.classList.contains("dark"))).toBe(
        colorScheme === "dark",
      );
      const { checked, faint } = await page.evaluate(findFaintText);
      expect(checked).toBeGreaterThan(20);
      expect(faint).toEqual([]);
    });
  });
});

test("the switch changes the theme and its diagrams, and the next visit remembers it", async () => {
  await withPage(browser, { colorScheme: "light" }, async (page) => {
    await open(page, "architecture");
    const before = { background: await background(page), drawing: await drawing(page) };
    await page.click(".VPNavBarAppearance .VPSwitchAppearance");
    await page.waitForFunction((drawn) => document.querySelector(".diagram svg")?.outerHTML !== drawn, before.drawing);
    const after = await background(page);
    expect(after).not.toBe(before.background);
    expect(await drawing(page)).toContain("<svg");
    await open(page, "runbook");
    expect(await background(page)).toBe(after);
  });
});
