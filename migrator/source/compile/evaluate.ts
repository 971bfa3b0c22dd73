import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Node, nameOf, type Syntax } from "./syntax";

/** What an expression comes to, as far as it can be told without running it. */
export interface Value {
  /** A string, a place as a path or as a URL, or a `require` for a place. */
  readonly kind: "text" | "path" | "url" | "require";
  readonly value: string;
  /** Only a beginning is known, up to a folder; what follows is decided when it runs. */
  readonly isOpen?: boolean;
}

/** Whether a value says where something is. */
export const isPlace = (value: Value | undefined): value is Value => value?.kind === "path" || value?.kind === "url";

/** Tells what an expression of a file comes to. */
export type Evaluate = (node: Node) => Value | undefined;

/** Makes an evaluator for a file: of what says where it is, and what is made of that with node:path and node:url. */
export function evaluator(file: string, { bindings, declared }: Syntax): Evaluate {
  const known = new Map<Node, Value | undefined>();
  const evaluate: Evaluate = (node) => {
    if (!known.has(node)) {
      // A name that is made of itself comes to nothing.
      known.set(node, undefined);
      known.set(node, compute(node));
    }
    return known.get(node);
  };
  const compute = (node: Node): Value | undefined => {
    switch (node.type) {
      case "Literal":
        return typeof node.value === "string" ? { kind: "text", value: node.value } : undefined;
      case "TemplateLiteral":
        return evaluateTemplate(node, evaluate);
      case "BinaryExpression":
        return node.operator === "+"
          ? concatenate(evaluate(node.left as Node), evaluate(node.right as Node))
          : undefined;
      case "LogicalExpression":
        return eitherPlace(evaluate(node.left as Node), evaluate(node.right as Node));
      case "ConditionalExpression":
        return eitherPlace(evaluate(node.consequent as Node), evaluate(node.alternate as Node));
      case "AwaitExpression":
        return evaluate(node.argument as Node);
      case "Identifier":
        return evaluateName(nameOf(node));
      case "MemberExpression":
        return evaluateMember(node, file, evaluate);
      case "NewExpression":
        return nameOf(node.callee as Node) === "URL" ? evaluateUrl(node.arguments as Node[], evaluate) : undefined;
      case "CallExpression":
        return evaluateCall(node, bindings, evaluate);
      default:
        return undefined;
    }
  };
  const evaluateName = (name: string): Value | undefined => {
    const bound = bindings.get(name);
    if (typeof bound === "object") {
      return evaluate(bound);
    }
    return declared.has(name) ? undefined : ownPlace(name, file);
  };
  return evaluate;
}

function ownPlace(name: string, file: string): Value | undefined {
  const places: Record<string, string> = { __dirname: dirname(file), __filename: file };
  return Object.hasOwn(places, name) ? { kind: "path", value: places[name] ?? "" } : undefined;
}

/** The same place found in one way or another, as code for several kinds of modules does. */
function eitherPlace(left: Value | undefined, right: Value | undefined): Value | undefined {
  return isPlace(left) ? left : isPlace(right) ? right : undefined;
}

function evaluateMember(node: Node, file: string, evaluate: Evaluate): Value | undefined {
  const object = node.object as Node;
  const name = node.computed ? "" : nameOf(node.property as Node);
  if (object.type === "MetaProperty") {
    const places: Record<string, Value> = {
      url: { kind: "url", value: pathToFileURL(file).href },
      dirname: { kind: "path", value: dirname(file) },
      filename: { kind: "path", value: file },
    };
    return Object.hasOwn(places, name) ? places[name] : undefined;
  }
  const value = evaluate(object);
  if (value?.kind !== "url" || value.isOpen) {
    return undefined;
  }
  return name === "href"
    ? value
    : name === "pathname"
      ? { kind: "path", value: fileURLToPath(value.value) }
      : undefined;
}

function evaluateCall(node: Node, bindings: Syntax["bindings"], evaluate: Evaluate): Value | undefined {
  const callee = node.callee as Node;
  const args = node.arguments as Node[];
  if (callee.type === "MemberExpression" && nameOf(callee.property as Node) === "toString") {
    return evaluate(callee.object as Node);
  }
  const name = calledName(callee, bindings);
  const [first, ...rest] = args.map(evaluate);
  switch (name) {
    case "String":
    case "normalize":
      return first;
    case "fileURLToPath":
      return first?.kind === "url" ? { ...first, kind: "path", value: fileURLToPath(first.value) } : undefined;
    case "pathToFileURL":
      return first?.kind === "path" ? { ...first, kind: "url", value: pathToFileURL(first.value).href } : undefined;
    case "dirname":
      return first?.kind === "path" && !first.isOpen ? { kind: "path", value: dirname(first.value) } : undefined;
    case "createRequire":
      return isPlace(first) ? { ...first, kind: "require" } : undefined;
    case "join":
    case "resolve":
      return first?.kind === "path" ? joinAll(name === "join" ? join : resolve, first, rest) : undefined;
    default:
      return undefined;
  }
}

function calledName(callee: Node, bindings: Syntax["bindings"]): string {
  if (callee.type === "MemberExpression") {
    return nameOf(callee.property as Node);
  }
  const bound = callee.type === "Identifier" ? bindings.get(nameOf(callee)) : undefined;
  return typeof bound === "string" ? bound : nameOf(callee);
}

function joinAll(how: typeof join, first: Value, rest: readonly (Value | undefined)[]): Value {
  let value = first;
  for (const part of rest) {
    if (value.isOpen) {
      return value;
    }
    const known = part?.kind === "text" ? part.value : "";
    const isOpen = part?.kind !== "text" || part.isOpen;
    value = { kind: "path", value: how(value.value, isOpen ? folderOf(known) : known), isOpen };
  }
  return value;
}

function evaluateUrl([relative, base]: Node[], evaluate: Evaluate): Value | undefined {
  const [way, from] = [relative && evaluate(relative), base && evaluate(base)];
  if (!base) {
    return way?.kind === "url" ? way : undefined;
  }
  if (from?.kind !== "url" || from.isOpen) {
    return undefined;
  }
  const isOpen = way?.kind !== "text" || way.isOpen;
  const known = way?.kind === "text" ? way.value : "";
  return { kind: "url", value: new URL(isOpen ? `./${folderOf(known)}` : known, from.value).href, isOpen };
}

function evaluateTemplate(node: Node, evaluate: Evaluate): Value | undefined {
  const texts = (node.quasis as Node[]).map((quasi) => (quasi.value as { cooked: string }).cooked);
  return (node.expressions as Node[]).reduce<Value | undefined>(
    (value, expression, index) => {
      const text: Value = { kind: "text", value: texts[index + 1] ?? "" };
      const own = evaluate(expression);
      // A place at the very beginning makes a place of the whole.
      const both = value?.value === "" && isPlace(own) ? own : concatenate(value, own);
      return concatenate(both, text);
    },
    { kind: "text", value: texts[0] ?? "" },
  );
}

function concatenate(left: Value | undefined, right: Value | undefined): Value | undefined {
  if (!left || left.isOpen || left.kind === "require") {
    return left;
  }
  if (right?.kind !== "text" || right.isOpen) {
    return { ...left, value: folderOf(left.value + (right?.kind === "text" ? right.value : "")), isOpen: true };
  }
  return { ...left, value: left.value + right.value };
}

/** A text up to its last slash. */
function folderOf(text: string): string {
  return text.slice(0, text.lastIndexOf("/") + 1);
}
