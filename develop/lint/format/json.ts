import type { Finding } from "../finding";
import { countLevels, pathFrom, type Read } from "./summary";

/** Findings as JSON lines, and a last one with the numbers. @param root directory that paths are seen from */
export function findingLines(findings: readonly Finding[], read: Read, root: string): string[] {
  const lines = findings.map((finding) => ({ event: "finding", ...finding, file: pathFrom(root, finding.file) }));
  return [...lines, { event: "lint", ...countLevels(findings), ...read }].map((line) => JSON.stringify(line));
}
