import type { Browser } from "playwright-core";
import { launchBrowser, open, withPage } from "./support/browser";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

test.each(["advisory lock", "migrationFailed", "SCHEMAGATE_DIR", "crash"])(
  "search finds %s, and the first result opens a page that has it",
  async (words) => {
    await withPage(browser, {}, async (page) => {
      await open(page, "index");
      const home = await page.title();
      await page.click("#local-search button");
      await page.fill("#localsearch-input", words);
      await page.click(".VPLocalSearchBox .results .result >> nth=0");
      await page.waitForFunction((home) => document.title !== home, home);
      const text = (await page.innerText(".vp-doc")).toLowerCase();
      for (const word of words.toLowerCase().split(" ")) {
        expect(text).toContain(word);
      }
    });
  },
);

test("search says so when it finds nothing", async () => {
  await withPage(browser, {}, async (page) => {
    await open(page, "index");
    await page.click("#local-search button");
    await page.fill("#localsearch-input", "zyzzyva");
    expect(await page.innerText(".VPLocalSearchBox .no-results")).toContain("zyzzyva");
    expect(await page.locator(".VPLocalSearchBox .result").count()).toBe(0);
  });
});

test("the button of a block copies its code", async () => {
  await withPage(browser, { permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    await open(page, "api/infra");
    const block = page.locator(".vp-doc div.language-ts").first();
    await block.hover();
    await block.locator("button.copy").click();
    await block.locator("button.copied").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(await block.locator("code").innerText());
    expect(copied).toContain("new BootstrapJob(");
  });
});
