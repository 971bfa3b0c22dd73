/**
 * Makes a page of what typedoc wrote: with a head of ours, and without what says nothing.
 *
 * @param written the page, from its title on.
 * @param head title and introduction.
 */
export function tidyApiPage(written: string, head: string): string {
  const body = written
    .replace(/^# .*\n+/, "")
    .replaceAll("\n***\n", "")
    .replaceAll(/\n#+ (Overrides|Implementation of)\n\n.*\n/g, "")
    .replaceAll(/\n#### Constructors\n[\s\S]*?(?=\n#{2,4} |$)/g, flattenConstructor)
    .replaceAll(/##### Type Literal\n\n(\\\{ `event`: `"([\w-]+)")/g, "##### $2\n\n$1")
    .replaceAll(/\*\*Default\*\* (- )?/g, "Default: ")
    .replaceAll(/(#+ Default\n\n)- /g, "$1");
  return `${head}\n${withoutUnusedAnchors(body)
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim()}\n`;
}

/** A class has one constructor, and it returns the class. */
function flattenConstructor(section: string): string {
  return section
    .replace(/\n#### Constructors\n/, "")
    .replace(/\n#+ Returns\n\n.*\n/, "")
    .replaceAll(/^##(#+ )/gm, "#$1");
}

function withoutUnusedAnchors(text: string): string {
  return text.replaceAll(/<a id="([^"]+)"><\/a> /g, (anchor, id) => (text.includes(`(#${id})`) ? anchor : ""));
}
