import type { BrowserContext, Page } from "playwright-core";
import { open, siteUrl } from "./browser";

/** What a page was seen to be. */
export interface Visit {
  readonly path: string;
  /** Errors on the console, uncaught ones, and requests that failed. */
  readonly errors: readonly string[];
  /** Requests to anybody but the site. */
  readonly foreign: readonly string[];
  /** How much wider than a phone the page is, in pixels. */
  readonly overflow: number;
  readonly content: Content;
}

type Content = ReturnType<typeof readContent>;

const phone = { width: 390, height: 844 };
const desktop = { width: 1280, height: 900 };

/** Looks at a page on a desktop, then on a phone. */
export async function visit(context: BrowserContext, path: string): Promise<Visit> {
  const page = await context.newPage();
  await page.setViewportSize(desktop);
  const watched = watch(page);
  await open(page, path);
  const content = await page.evaluate(readContent);
  await page.setViewportSize(phone);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await page.close();
  return { path, ...watched, overflow, content };
}

function watch(page: Page): { readonly errors: string[]; readonly foreign: string[] } {
  const errors: string[] = [];
  const foreign: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("response", (response) => response.status() >= 400 && errors.push(`${response.status()} ${response.url()}`));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${siteUrl()}/`) && !url.startsWith("data:")) {
      foreign.push(url);
    }
  });
  return { errors, foreign };
}

/** Runs in the page. */
function readContent() {
  const all = <E extends Element>(selector: string) => [...document.querySelectorAll<E>(selector)];
  return {
    title: document.title,
    ids: all("[id]").map(({ id }) => id),
    links: all<HTMLAnchorElement>("a[href]").map(({ href }) => href),
    headings: all(".vp-doc :is(h1, h2, h3, h4, h5, h6)").map(({ tagName }) => Number(tagName[1])),
    needs: all<HTMLElement>(".vp-doc .needs").map(({ innerText }) => innerText),
    diagrams: all(".vp-doc .diagram svg").length,
    code: all(".vp-doc div[class*='language-']").map((block) => ({
      language: block.querySelector(".lang")?.textContent ?? "",
      colours: new Set([...block.querySelectorAll("code span span")].map((token) => getComputedStyle(token).color))
        .size,
    })),
  };
}
