// What PostgreSQL prints of an expression and reads again is not always what it then prints. Two such cases are common
// in schemas, and neither says anything of them: lists of varchar (`IN ('a', 'b')`), whose cast moves from the array to
// its elements, and conditions within conditions (`a BETWEEN 1 AND 5 AND b`), which lose their parentheses.

interface Group {
  readonly open: string;
  readonly close: string;
  readonly parts: readonly Part[];
}

/** A word, a literal, white space, or what is in parentheses or brackets. */
type Part = string | Group;

const tokens = /E'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|[()[\]]|\s+|[^\s'"()[\]]+/g;
const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]" };

/** Whether two printed definitions or expressions say the same in PostgreSQL's own two ways of printing it. */
export function isSamePrinted(one: string, other: string): boolean {
  return one === other || canonical(one) === canonical(other);
}

function canonical(text: string): string {
  return render(parse(text.match(tokens) ?? []));
}

function parse(words: readonly string[]): Part[] {
  const root: Part[] = [];
  const stack: Part[][] = [root];
  for (const word of words) {
    const parts = stack.at(-1) ?? root;
    const close = closing[word];
    if (close !== undefined) {
      const inner: Part[] = [];
      parts.push({ open: word, close, parts: inner });
      stack.push(inner);
    } else if (word !== ")" && word !== "]") {
      parts.push(word);
    } else if (stack.length > 1) {
      stack.pop();
    }
  }
  return root;
}

function render(parts: readonly Part[]): string {
  let text = "";
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] ?? "";
    const elements = typeof part === "string" ? undefined : arrayElements(part);
    const [cast, brackets] = [parts[index + 1], parts[index + 2]];
    if (elements && typeof cast === "string" && cast.startsWith("::") && isEmptyBrackets(brackets)) {
      text += `ARRAY[${elements.map((element) => `(${element})${cast}`).join(", ")}]`;
      index += 2;
    } else {
      text += typeof part === "string" ? part : renderGroup(part);
    }
  }
  return text;
}

function renderGroup(group: Group): string {
  const { operator, operands } = condition(group);
  return `${group.open}${operator ? operands.join(` ${operator} `) : render(group.parts)}${group.close}`;
}

/** What a condition in parentheses is made of, conditions of the same kind within it resolved. */
function condition(group: Group): { readonly operator?: string; readonly operands: readonly string[] } {
  const operator = group.parts.find((part) => part === "AND" || part === "OR");
  // A window's frame: its AND joins no conditions.
  if (typeof operator !== "string" || group.open !== "(" || group.parts.includes("BETWEEN")) {
    return { operands: [] };
  }
  const operands = split(group.parts, operator).map(trim);
  return {
    operator,
    operands: operands.flatMap((parts) => {
      const [only, ...rest] = parts;
      const inner = only !== undefined && typeof only !== "string" && rest.length === 0 ? condition(only) : undefined;
      return inner?.operator === operator ? inner.operands : [render(parts)];
    }),
  };
}

/** Of `(ARRAY[a, b])`: `a` and `b`. */
function arrayElements(group: Group): string[] | undefined {
  const [word, array, ...rest] = group.parts;
  if (group.open !== "(" || word !== "ARRAY" || array === undefined || typeof array === "string" || rest.length > 0) {
    return undefined;
  }
  // A comma is at the end of the word before it.
  const ends = array.parts.flatMap((part) =>
    typeof part === "string" && part.length > 1 && part.endsWith(",") && !/^E?['"]/.test(part)
      ? [part.slice(0, -1), ","]
      : [part],
  );
  return split(ends, ",").map((parts) => render(trim(parts)));
}

function isEmptyBrackets(part: Part | undefined): boolean {
  return part !== undefined && typeof part !== "string" && part.open === "[" && part.parts.length === 0;
}

function split(parts: readonly Part[], separator: string): Part[][] {
  const pieces: Part[][] = [[]];
  for (const part of parts) {
    if (part === separator) {
      pieces.push([]);
    } else {
      pieces.at(-1)?.push(part);
    }
  }
  return pieces;
}

function trim(parts: readonly Part[]): Part[] {
  const isSpace = (part: Part | undefined): boolean => typeof part === "string" && part.trim() === "";
  return parts.slice(isSpace(parts[0]) ? 1 : 0, parts.length > 1 && isSpace(parts.at(-1)) ? -1 : undefined);
}
