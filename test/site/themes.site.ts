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

/** Every language, tables, and the page that has nothing but text. */
const pages = ["index", "migrations", "runbook", "cli", "pipelines", "exit-codes", "api/library"];

test.each(["light", "dark"] as const)("pages can be read in the %s theme", async (colorScheme) => {
  await withPage(browser, { colorScheme }, async (page) => {
    const languages = new Set<string>();
    for (const path of pages) {
      await open(page, path);
      expect(await page.evaluate(() => document.documentElement.classList.contains("dark"))).toBe(
        colorScheme === "dark",
      );
      const { checked, faint } = await page.evaluate(findFaintText);
      expect(checked).toBeGreaterThan(20);
      expect({ path, faint }).toEqual({ path, faint: [] });
      for (const language of await page.locator(".vp-doc .lang").allTextContents()) languages.add(language);
    }
    expect([...languages]).toEqual(expect.arrayContaining(["kusto", "sh", "sql", "text", "ts", "yaml"]));
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
