import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parseSync } from "@swc/core";
import { root } from "../../support/migrator";

/** One import of one file, of values or of types, at load or at run time. */
export interface Import {
  /** Path from the project's root: `migrator/run/runner.ts`. */
  readonly from: string;
  /** Path of the file, or the name of a package. */
  readonly to: string;
  /** When the other one is loaded: with this one, when it is asked for, or, for types alone, never. */
  readonly loaded: "at once" | "when needed" | "never";
}

type Found = Pick<Import, "loaded"> & { readonly specifier: string };

type Tree = Readonly<Record<string, unknown>>;

/** Paths of the TypeScript and JavaScript files below folders of the project. */
export function sourcesIn(...folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .map((file) => join(folder, file).replaceAll("\\", "/"))
      .filter((file) => /\.[cm]?[jt]s$/.test(file) && !file.includes("/node_modules/")),
  );
}

/** Every import of some files. */
export function readImports(files: readonly string[]): Import[] {
  return files.flatMap((from) =>
    importsOf(readFileSync(join(root, from), "utf8")).map(({ specifier, loaded }) => ({
      from,
      to: specifier.startsWith(".") ? fileOf(from, specifier) : specifier,
      loaded,
    })),
  );
}

/** What a text imports, as the compiler's parser reads it. */
export function importsOf(text: string): Found[] {
  const tree = parseSync(text, { syntax: "typescript", target: "es2022" });
  const found: Found[] = [];
  visit(tree as unknown as Tree, (node) => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) {
      found.push({ specifier, loaded: loadedBy(node) });
    }
  });
  return found;
}

function specifierOf(node: Tree): string | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
      return (node.source as { value: string } | null)?.value;
    case "TsImportType":
      return (node.argument as { value: string }).value;
    case "TsExternalModuleReference":
      return (node.expression as { value: string }).value;
    case "CallExpression":
      return calledWith(node);
    default:
      return undefined;
  }
}

function loadedBy(node: Tree): Import["loaded"] {
  if (node.typeOnly === true || node.type === "TsImportType") {
    return "never";
  }
  return node.type === "CallExpression" ? "when needed" : "at once";
}

/** The module that `import("…")` or `require("…")` loads. */
function calledWith(node: Tree): string | undefined {
  const { type, value } = node.callee as Tree;
  const [first] = node.arguments as { expression: Tree }[];
  const loads = type === "Import" || (type === "Identifier" && value === "require");
  return loads && first?.expression.type === "StringLiteral" ? String(first.expression.value) : undefined;
}

function visit(value: unknown, look: (node: Tree) => void): void {
  if (Array.isArray(value)) {
    for (const one of value) {
      visit(one, look);
    }
  } else if (typeof value === "object" && value !== null) {
    look(value as Tree);
    visit(Object.values(value), look);
  }
}

function fileOf(from: string, specifier: string): string {
  const path = relative(root, resolve(root, dirname(from), specifier)).replaceAll("\\", "/");
  const candidates = [path, `${path}.ts`, `${path}.mjs`, `${path}/index.ts`];
  const file = candidates.find((candidate) => /\.\w+$/.test(candidate) && existsSync(join(root, candidate)));
  if (file === undefined) {
    throw new Error(`${from} imports ${specifier}, and there is no such file`);
  }
  return file;
}

/** Circles of files that import each other: each one as its files, the first one repeated at the end. */
export function findCircles(imports: readonly Import[]): string[][] {
  const importsOfFile = groupByFile(imports);
  const circles: string[][] = [];
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) {
      circles.push([...path.slice(at), file]);
      return;
    }
    if (done.has(file)) {
      return;
    }
    for (const { to } of importsOfFile.get(file) ?? []) {
      walk(to, [...path, file]);
    }
    done.add(file);
  };
  for (const file of importsOfFile.keys()) {
    walk(file, []);
  }
  return circles;
}

function groupByFile(imports: readonly Import[]): Map<string, Import[]> {
  const groups = new Map<string, Import[]>();
  for (const one of imports) {
    groups.set(one.from, [...(groups.get(one.from) ?? []), one]);
  }
  return groups;
}
