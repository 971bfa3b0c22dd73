import { existsSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import type { MarkdownRenderer } from "vitepress";
import { root } from "../paths";

type Token = ReturnType<MarkdownRenderer["parse"]>[number];
type State = Parameters<Parameters<MarkdownRenderer["core"]["ruler"]["push"]>[1]>[0];

/**
 * Gives links that leave the pages a target: the file's address in a repository, or, where none is named, its path as code.
 *
 * @param repository address that a path in the repository is appended to: `https://host/owner/name/blob/main`.
 */
export function withOutsideLinks(markdown: MarkdownRenderer, repository?: string): void {
  markdown.core.ruler.push("outside-links", (state) => {
    for (const token of state.tokens) {
      if (token.children) {
        token.children = replaceLinks(token.children, state, repository);
      }
    }
  });
}

function replaceLinks(children: readonly Token[], state: State, repository?: string): Token[] {
  const result: Token[] = [];
  for (let index = 0; index < children.length; index++) {
    const child = children[index] as Token;
    const path =
      child.type === "link_open" ? outsidePath(String(child.attrGet("href")), state.env.relativePath) : undefined;
    if (path === undefined) {
      result.push(child);
    } else if (repository) {
      child.attrSet("href", `${repository.replace(/\/$/, "")}/${path}`);
      result.push(child);
    } else {
      const end = children.findIndex(({ type }, place) => place > index && type === "link_close");
      result.push(...withPath(children.slice(index + 1, end), path, state));
      index = end;
    }
  }
  return result;
}

/**
 * Path in the repository that a link leads to.
 *
 * @param href the link, as a page has it.
 * @param page the page, as a path below docs/.
 * @returns nothing for what the site has itself: pages, files beside them, other hosts.
 * @throws Error when there is no such file.
 */
export function outsidePath(href: string, page: string): string | undefined {
  if (/^([a-z][a-z+.-]*:|#|\/)/i.test(href)) {
    return undefined;
  }
  const path = posix.normalize(posix.join("docs", posix.dirname(page), decodeURI(href).replace(/[?#].*$/, "")));
  const file = join(root, path);
  const isThere = existsSync(file);
  if (path.startsWith("docs/") && !(isThere && statSync(file).isDirectory())) {
    return undefined;
  }
  if (path.startsWith("..") || !isThere) {
    throw new Error(`docs/${page} links to ${href}: there is no ${path}. Correct the link`);
  }
  return path;
}

/** The link's words, and the path where they do not say it. */
function withPath(words: readonly Token[], path: string, state: State): Token[] {
  const code = new state.Token("code_inline", "code", 0);
  code.content = path;
  code.markup = "`";
  const said = words.map(({ content }) => content).join("");
  if (posix.normalize(said).replace(/^(\.\.\/)+/, "") === path) {
    return [code];
  }
  return [...words, textToken(" (", state), code, textToken(")", state)];
}

function textToken(content: string, state: State): Token {
  const token = new state.Token("text", "", 0);
  token.content = content;
  return token;
}
