import { cpSync } from "node:fs";
import { join } from "node:path";
import { slug } from "github-slugger";
import { defineConfig } from "vitepress";
import { withFences } from "../markdown/fences";
import { withOutsideLinks } from "../markdown/outside-links";
import { groups } from "../pages";
import { built, docs, root } from "../paths";
import { sidebarOf } from "../sidebar";

const inVue = (file: string) => join(root, "site/node_modules/vue", file);

export default defineConfig({
  title: "schemagate",
  description: "New code never starts on a schema its migrations did not reach.",
  lang: "en",
  srcDir: docs,
  outDir: built,
  cacheDir: join(root, "build/site-cache"),
  head: [["link", { rel: "icon", href: "data:," }]],
  themeConfig: {
    sidebar: sidebarOf(groups),
    outline: [2, 3],
    // Names of environment variables are words.
    search: {
      provider: "local",
      options: { miniSearch: { options: { tokenize: (text: string) => text.split(/[^\p{L}\p{N}_]+/u) } } },
    },
    docFooter: { prev: false, next: false },
  },
  markdown: {
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    // Anchors are written for GitHub.
    anchor: { slugify: slug },
    config: (markdown) => {
      withOutsideLinks(markdown, process.env.DOCS_REPOSITORY);
      withFences(markdown);
    },
  },
  vite: {
    // docs/ has no packages beside it.
    resolve: {
      alias: {
        "vue/server-renderer": inVue("server-renderer/index.mjs"),
        vue: inVue("dist/vue.runtime.esm-bundler.js"),
      },
    },
  },
  transformPageData: ({ relativePath, frontmatter }) => ({
    frontmatter: { ...frontmatter, ...(relativePath.startsWith("api/") && { pageClass: "api" }) },
  }),
  // Figures and their data, for links to them.
  buildEnd: () => cpSync(docs, built, { recursive: true, filter: (file) => !file.endsWith(".md") }),
});
