import type { Finding } from "../finding";
import { pathFrom } from "./summary";

/** Findings as workflow commands, which GitHub Actions shows beside the lines. @param root the repository's directory */
export function annotations(findings: readonly Finding[], root: string): string[] {
  return findings.map((finding) => {
    const { level, line, column, endLine, endColumn, rule, what, why, instead } = finding;
    const properties = {
      file: pathFrom(root, finding.file),
      line,
      endLine,
      // GitHub takes columns only where the annotation is of one line.
      ...(line === endLine ? { col: column, endColumn } : {}),
      title: rule,
    };
    const written = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
    return `::${level} ${written.join(",")}::${escapeData(`${what}. ${why} ${instead}`)}`;
  });
}

/** As actions/toolkit escapes them (packages/core/src/command.ts). */
function escapeData(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
