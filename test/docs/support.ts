import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/migrator";

/** A fenced block of a page. */
export interface Fence {
  readonly language: string;
  /** What stands behind the language: what its commands need, how they exit, or the file that it is. */
  readonly info: string;
  readonly text: string;
}

/** Every page of docs/, by its path there. */
export function listPages(): string[] {
  return readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .sort();
}

export function readPage(page: string): string {
  return readFileSync(join(root, "docs", page), "utf8");
}

/** The fenced blocks of a page of docs/. */
export function readFences(page: string): Fence[] {
  return fencesOf(readPage(page));
}

/** The fenced blocks of a text, in order, those inside lists too. */
export function fencesOf(text: string): Fence[] {
  const fence = /^( *)```(\w+)(?: +(.*?))?\n([\s\S]*?)^\1```$/gm;
  return [...text.matchAll(fence)].map(([, indent = "", language = "", info = "", text = ""]) => ({
    language,
    info,
    text: text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  }));
}

/** Commands of a block, one a line; lines that end in a backslash go on. */
export function commandsOf({ text }: Fence): string[] {
  return text
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .map((line) => line.replace(/\s+# .*$/, ""))
    .filter(Boolean);
}
