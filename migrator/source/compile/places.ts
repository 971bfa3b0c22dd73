import { readFileSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isOutside } from "../listing";
import { evaluator, isPlace, type Value } from "./evaluate";
import { isSecret } from "./secret";
import { type Node, nameOf, readSyntax, type Syntax } from "./syntax";

/** A change of a file's text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What a file of a migration's code needs beside itself, and what of it cannot be told. */
export interface Places {
  readonly edits: readonly Edit[];
  /** Files and folders that it names. */
  readonly companions: readonly string[];
  readonly problems: readonly { readonly offset: number; readonly what: string }[];
}

/** Writes the place of a file, as compiled code finds it: an object with `url`, `dirname` and `filename`. */
export type PlaceOf = (file: string) => string;

/** Words without which a file does not ask where it is. */
export const placeWords = /\bimport\s*\.\s*meta\b|\b__(?:dirname|filename)\b|\brequire\s*\.\s*resolve\b/;

/** Words without which a file loads nothing by a name that is made while it runs. */
export const loadWords = /\b(?:require|import)\s*[.(]/;

/**
 * Finds where a file asks where it is, and what it names by that.
 *
 * @param file its path.
 * @param text JavaScript.
 */
export function findPlaces(file: string, text: string, placeOf: PlaceOf): Places {
  const syntax = readSyntax(text);
  return syntax ? new Finder(file, syntax, placeOf).find() : { edits: [], companions: [], problems: [] };
}

/** What only looks at a place. */
const harmlessMembers = /^(endsWith|startsWith|includes|indexOf|length|toString|href|pathname|protocol)$/;
/** Functions that make no other place of a file's own. */
const harmlessCalls = /^(basename|extname|readFile|readFileSync|log|info|debug|warn|error)$/;

class Finder {
  private readonly evaluate;
  private readonly edits: Edit[] = [];
  private readonly companions = new Set<string>();
  private readonly problems: { offset: number; what: string }[] = [];

  constructor(
    private readonly file: string,
    private readonly syntax: Syntax,
    private readonly placeOf: PlaceOf,
  ) {
    this.evaluate = evaluator(file, syntax);
  }

  find(): Places {
    for (const node of this.syntax.nodes) {
      this.look(node);
    }
    return { edits: this.edits, companions: [...this.companions], problems: this.problems };
  }

  private look(node: Node): void {
    if (node.type === "MetaProperty") {
      this.lookAtMeta(node);
    } else if (node.type === "Identifier" && this.isReference(node)) {
      this.lookAtName(node);
    } else if (node.type === "CallExpression" || node.type === "ImportExpression") {
      this.lookAtLoad(node);
    }
  }

  private lookAtMeta(node: Node): void {
    const parent = this.syntax.parentOf(node);
    this.edits.push({ start: node.start, end: node.end, text: this.placeOf(this.file) });
    if (parent?.type !== "MemberExpression" || parent.computed) {
      this.problem(node, "import.meta");
    } else if (this.evaluate(parent)) {
      this.use(parent);
    }
  }

  private lookAtName(node: Node): void {
    const name = nameOf(node);
    if ((name === "__dirname" || name === "__filename") && !this.syntax.declared.has(name)) {
      const parent = this.syntax.parentOf(node);
      const key = parent?.type === "Property" && parent.shorthand ? `${name}: ` : "";
      const word = name === "__dirname" ? "dirname" : "filename";
      this.edits.push({ start: node.start, end: node.end, text: `${key}${this.placeOf(this.file)}.${word}` });
      this.use(node);
    } else if (typeof this.syntax.bindings.get(name) === "object" && this.isWhere(this.evaluate(node))) {
      this.use(node);
    }
  }

  /** Follows what says where it is to the whole expression, and says what that names. */
  private use(leaf: Node): void {
    let top = leaf;
    let parent = this.syntax.parentOf(top);
    while (parent && this.isWhere(this.evaluate(parent))) {
      top = parent;
      parent = this.syntax.parentOf(top);
    }
    const value = this.evaluate(top);
    if (!value || !parent || this.isKept(top, parent) || parent.type === "ExpressionStatement") {
      return;
    }
    if (parent.type === "UnaryExpression" || isResolve(parent)) {
      return;
    }
    if (value.kind === "require") {
      this.useRequire(top, parent);
    } else if (this.isPuzzle(value, top, parent)) {
      this.problem(leaf, "what is made of its place");
    } else {
      this.name(value, leaf);
    }
  }

  /** Whether another place may be made of one, in a way that is not followed; of its own, by whoever is given it. */
  private isPuzzle({ kind, value }: Value, top: Node, parent: Node): boolean {
    if (parent.type === "MemberExpression" && parent.object === top) {
      return parent.computed === true || !harmlessMembers.test(nameOf(parent.property as Node));
    }
    if ((kind === "url" ? fileURLToPath(value) : value) !== this.file) {
      return false;
    }
    const callee = parent.type === "CallExpression" ? (parent.callee as Node) : undefined;
    const called = nameOf((callee?.property ?? callee ?? top) as Node);
    return !(parent.type === "BinaryExpression" || (callee !== undefined && harmlessCalls.test(called)));
  }

  /** Whether it becomes a constant of this file only, whose uses are looked at instead. */
  private isKept(top: Node, parent: Node): boolean {
    if (parent.type !== "VariableDeclarator" || parent.init !== top) {
      return false;
    }
    const declaration = this.syntax.parentOf(parent);
    const isExported = declaration && this.syntax.parentOf(declaration)?.type === "ExportNamedDeclaration";
    const id = parent.id as Node;
    const isKept = !isExported && this.syntax.bindings.get(nameOf(id)) === top;
    if (isKept && this.evaluate(top)?.kind === "require") {
      // Its calls become the bundler's own `require`, which no other one may hide.
      this.edits.push({ start: id.start, end: id.end, text: `__made_${nameOf(id)}` });
    }
    return isKept;
  }

  private useRequire(top: Node, parent: Node): void {
    if (parent.type === "CallExpression" && parent.callee === top) {
      this.edits.push({ start: top.start, end: top.end, text: "require" });
      this.lookAtArgument(parent);
    } else {
      this.problem(top, "createRequire");
    }
  }

  private lookAtLoad(node: Node): void {
    if (node.type === "ImportExpression") {
      this.lookAtArgument(node);
    } else if (isResolve(node.callee as Node)) {
      this.lookAtResolve(node);
    } else if (this.isRequire(node.callee as Node)) {
      this.lookAtArgument(node);
    }
  }

  /** A name that is made while it runs says nothing to who bundles; a constant is as good as its text. */
  private lookAtArgument(node: Node): void {
    const argument = (node.source ?? (node.arguments as Node[])[0]) as Node | undefined;
    const value = argument && this.evaluate(argument);
    if (argument?.type === "ConditionalExpression") {
      // The bundler follows both.
      return;
    }
    if (!argument || value?.kind !== "text" || (value.isOpen && !value.value.startsWith("."))) {
      this.problem(node, node.type === "ImportExpression" ? "import()" : "require()");
    } else if (!value.isOpen && argument.type !== "Literal") {
      this.edits.push({ start: argument.start, end: argument.end, text: JSON.stringify(value.value) });
    }
  }

  /** `require.resolve("./a.txt")`, `import.meta.resolve("./a.txt")`. */
  private lookAtResolve(node: Node): void {
    const object = (node.callee as Node).object as Node;
    const isMeta = object.type === "MetaProperty";
    if (!isMeta && !this.isRequire(object) && this.evaluate(object)?.kind !== "require") {
      return;
    }
    const value = this.evaluate((node.arguments as Node[])[0] ?? node);
    if (value?.kind !== "text" || value.isOpen || !/^\.\.?\//.test(value.value)) {
      this.problem(node, "resolve()");
      return;
    }
    const target = resolve(dirname(this.file), value.value);
    this.edits.push({
      start: node.start,
      end: node.end,
      text: `${this.placeOf(target)}.${isMeta ? "url" : "filename"}`,
    });
    this.name({ kind: "path", value: target }, node);
  }

  private isRequire(node: Node): boolean {
    return node.type === "Identifier" && nameOf(node) === "require" && !this.syntax.declared.has("require");
  }

  /** Takes along what a place names: a file, or a folder that is not one it lies in itself. */
  private name({ kind, value }: Value, node: Node): void {
    const path = resolve(kind === "url" ? fileURLToPath(value) : value);
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) {
      this.problem(node, `${path}, which is not there`);
    } else if (isSecret(basename(path))) {
      this.problem(node, `${path}, which may hold secrets and is not for an image`);
    } else if (found.isDirectory() && !isOutside(path, this.file)) {
      this.problem(node, "the folder it lies in");
    } else if (path !== this.file && found.isFile() && importsMore(path)) {
      this.problem(node, `${path}, which imports what would not be carried`);
    } else {
      this.companions.add(path);
    }
  }

  private problem(node: Node, what: string): void {
    this.problems.push({ offset: node.start, what });
  }

  private isWhere(value: Value | undefined): boolean {
    return value?.kind === "require" || isPlace(value);
  }

  private isReference(node: Node): boolean {
    const parent = this.syntax.parentOf(node);
    switch (parent?.type) {
      case "MemberExpression":
        return parent.object === node || parent.computed === true;
      case "Property":
        return parent.value === node || parent.computed === true;
      case "VariableDeclarator":
        return parent.init === node;
      case "ImportSpecifier":
      case "MethodDefinition":
      case "PropertyDefinition":
        return parent.value === node;
      default:
        return true;
    }
  }
}

const script = /\.[cm]?[jt]s$/;
const imported = /\b(?:from|import|require)\s*\(?\s*["']([^"']+)["']/g;

/** Whether a file is code that needs more than Node's own modules: it is carried as it is, as for a worker. */
function importsMore(path: string): boolean {
  const found = script.test(path) ? [...readFileSync(path, "utf8").matchAll(imported)] : [];
  return found.some(([, name = ""]) => !isBuiltin(name));
}

function isResolve(node: Node): boolean {
  return node.type === "MemberExpression" && !node.computed && nameOf(node.property as Node) === "resolve";
}

/** Applies changes to a text; what lies within another one is part of that. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const outer = edits.filter(
    (one, index) =>
      !edits.some(
        (other, at) =>
          other !== one &&
          other.start <= one.start &&
          one.end <= other.end &&
          (other.end - other.start > one.end - one.start || at < index),
      ),
  );
  return [...outer]
    .sort((a, b) => b.start - a.start)
    .reduce((result, { start, end, text: part }) => result.slice(0, start) + part + result.slice(end), text);
}
