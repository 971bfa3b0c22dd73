import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { findChromium } from "./chromium";

/** Address of the served site. */
export const siteUrl = (): string => process.env.SCHEMAGATE_TEST_SITE ?? "";

/** Address of a page, by its path below docs/ without `.md`. */
export const addressOf = (page: string): string => `${siteUrl()}/${page}.html`;

/** This machine's Chromium without what it would ask the internet on its own. */
export function launchBrowser(): Promise<Browser> {
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"];
  return chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox", "--disable-gpu", ...quiet] });
}

/** Runs with a page in a context of its own, and closes it. */
export async function withPage<T>(
  browser: Browser,
  options: BrowserContextOptions,
  body: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  try {
    return await body(await context.newPage());
  } finally {
    await context.close();
  }
}

/** Opens a page and waits until its scripts have taken over and its diagrams are drawn. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(addressOf(path), { waitUntil: "load" });
  await page.waitForFunction(() => {
    const app = document.querySelector("#app") as (Element & { readonly __vue_app__?: unknown }) | null;
    return app?.__vue_app__ !== undefined && document.querySelector("pre.diagram") === null;
  });
}
