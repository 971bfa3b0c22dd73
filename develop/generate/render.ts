import type { Loss } from "./losses";

/** One direction of a file. */
export interface Section {
  readonly statements: readonly string[];
  /** `false`: each statement by itself. */
  readonly transaction: boolean;
}

export interface FileParts {
  readonly up: Section;
  readonly down: Section;
  readonly losses: readonly Loss[];
  /** Lines above everything, as comments. @default none */
  readonly remarks?: readonly string[];
}

/** Prints a migration in dbmate's format. */
export function renderFile({ up, down, losses, remarks = [] }: FileParts): string {
  const section = (direction: "up" | "down", { statements, transaction }: Section) =>
    [
      `-- migrate:${direction}${transaction ? "" : " transaction:false"}`,
      ...losses.filter((loss) => loss.direction === direction).map(describeLoss),
      "",
      statements.map((statement) => `${statement};`).join("\n\n"),
      "",
    ].join("\n");
  const head = remarks.map((line) => `${comment(line)}\n`).join("");
  return `${head}${head && "\n"}${section("up", up)}\n${section("down", down)}`;
}

function describeLoss({ severity, object, what }: Loss): string {
  return comment(`${severity === "lost" ? "LOSES DATA" : "AT RISK"}: ${object} ${what}`);
}

function comment(line: string): string {
  return line.replace(/^/gm, "-- ").trimEnd();
}
