import { type Options, parse } from "acorn";

/** A node of a syntax tree, as ESTree has it. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** A file's syntax, with what is asked about it. */
export interface Syntax {
  /** Every node, parents before children. */
  readonly nodes: readonly Node[];
  readonly parentOf: (node: Node) => Node | undefined;
  /** What a name stands for, where it is declared once and never assigned to; by `import`, the imported name. */
  readonly bindings: ReadonlyMap<string, Node | string>;
  /** Names that the file declares in any way. */
  readonly declared: ReadonlySet<string>;
}

/** @returns undefined where the text is no JavaScript that can be read. */
export function readSyntax(text: string): Syntax | undefined {
  const tree = parseAs(text, "module") ?? parseAs(text, "script");
  return tree && describe(tree);
}

function parseAs(text: string, sourceType: Options["sourceType"]): Node | undefined {
  try {
    const options = { allowReturnOutsideFunction: true, allowHashBang: true, allowAwaitOutsideFunction: true };
    return parse(text, { ...options, ecmaVersion: "latest", sourceType }) as unknown as Node;
  } catch {
    return undefined;
  }
}

function describe(tree: Node): Syntax {
  const nodes: Node[] = [];
  const parents = new Map<Node, Node>();
  const visit = (node: Node, parent?: Node): void => {
    nodes.push(node);
    if (parent) {
      parents.set(node, parent);
    }
    for (const child of childrenOf(node)) {
      visit(child, node);
    }
  };
  visit(tree);
  return { nodes, parentOf: (node) => parents.get(node), ...bindingsOf(nodes) };
}

function childrenOf(node: Node): Node[] {
  return Object.values(node).flat().filter(isNode);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

function bindingsOf(nodes: readonly Node[]): Pick<Syntax, "bindings" | "declared"> {
  const found = new Map<string, (Node | string | undefined)[]>();
  const add = (name: string, value?: Node | string) => found.set(name, [...(found.get(name) ?? []), value]);
  for (const node of nodes) {
    for (const [name, value] of declaredBy(node)) {
      add(name, value);
    }
  }
  const bindings = new Map<string, Node | string>();
  for (const [name, [value, ...more]] of found) {
    if (value !== undefined && more.length === 0) {
      bindings.set(name, value);
    }
  }
  return { bindings, declared: new Set(found.keys()) };
}

/** Names that a node declares or assigns to; with what they are, where that is plain. */
function declaredBy(node: Node): [name: string, value?: Node | string][] {
  switch (node.type) {
    case "VariableDeclarator": {
      const id = node.id as Node;
      return id.type === "Identifier" ? [[nameOf(id), (node.init as Node | null) ?? undefined]] : namesIn(id);
    }
    case "ImportSpecifier":
      return [[nameOf(node.local as Node), nameOf(node.imported as Node)]];
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return [...(node.id ? namesIn(node.id as Node) : []), ...(node.params as Node[]).flatMap(namesIn)];
    case "ClassDeclaration":
      return node.id ? namesIn(node.id as Node) : [];
    case "AssignmentExpression":
      return namesIn(node.left as Node);
    case "CatchClause":
      return node.param ? namesIn(node.param as Node) : [];
    default:
      return [];
  }
}

/** Names in a pattern: what they are is not known. */
function namesIn(node: Node): [name: string][] {
  switch (node.type) {
    case "Identifier":
      return [[nameOf(node)]];
    case "MemberExpression":
      return [];
    case "Property":
      return namesIn(node.value as Node);
    case "AssignmentPattern":
      return namesIn(node.left as Node);
    default:
      return childrenOf(node).flatMap(namesIn);
  }
}

/** The name of an identifier, the text of a string that stands for one. */
export function nameOf(node: Node): string {
  return String(node.name ?? node.value ?? "");
}
