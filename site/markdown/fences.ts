import type { MarkdownRenderer } from "vitepress";

/** What stands behind a fence's language says what its commands need, with which code they end, or which file it is. */
function noteOf(info: string): string | undefined {
  const [, code] = /^exits (\d+)$/.exec(info) ?? [];
  return needs.get(info) ?? (code ? `ends with exit code ${code}` : info.includes("/") ? info : undefined);
}

const needs: ReadonlyMap<string, string> = new Map([
  ["azure", "needs Azure"],
  ["docker", "needs Docker or podman"],
  ["signed-in", "needs a signed-in Azure CLI"],
]);

/** Puts above a block of code what it needs, makes diagrams of Mermaid's, and gives indented code the look of text. */
export function withFences(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("indented-code", ({ tokens }) => {
    for (const token of tokens.filter(({ type }) => type === "code_block")) {
      Object.assign(token, { type: "fence", tag: "code", info: "text" });
    }
  });
  const { fence } = markdown.renderer.rules;
  markdown.renderer.rules.fence = (tokens, index, ...rest) => {
    const token = tokens[index];
    if (!token || !fence) {
      return "";
    }
    const [language = "", ...words] = token.info.trim().split(/\s+/);
    if (language === "mermaid") {
      return `<MermaidDiagram source="${encodeURIComponent(token.content)}"></MermaidDiagram>`;
    }
    token.info = language;
    const note = noteOf(words.join(" "));
    return `${note ? `<p class="needs">${note}</p>` : ""}${fence(tokens, index, ...rest)}`;
  };
}
