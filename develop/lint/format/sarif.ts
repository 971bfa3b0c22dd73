import type { Finding } from "../finding";
import { type RuleName, ruleNames, rules } from "../rules";
import { pathFrom } from "./summary";

const schema = "https://json.schemastore.org/sarif-2.1.0.json";

/** Findings as SARIF 2.1.0, for code scanning. @param root directory that paths are seen from */
export function toSarif(findings: readonly Finding[], root: string, version: string): string {
  const run = {
    tool: { driver: { name: "schemagate lint", version, rules: ruleNames.map(describeRule) } },
    columnKind: "utf16CodeUnits",
    results: findings.map((finding) => describeResult(finding, root)),
  };
  return JSON.stringify({ $schema: schema, version: "2.1.0", runs: [run] }, undefined, 2);
}

function describeRule(name: RuleName) {
  const { level, about, why, instead } = rules[name];
  return {
    id: name,
    shortDescription: { text: about },
    fullDescription: { text: why },
    help: { text: `${why} ${instead}` },
    defaultConfiguration: { level },
  };
}

function describeResult(finding: Finding, root: string) {
  const { rule, level, line, column, endLine, endColumn, what, why, instead } = finding;
  return {
    ruleId: rule,
    ruleIndex: ruleNames.indexOf(rule),
    level,
    message: { text: `${what}. ${why} ${instead}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: toUri(pathFrom(root, finding.file)) },
          region: { startLine: line, startColumn: column, endLine, endColumn },
        },
      },
    ],
  };
}

function toUri(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
