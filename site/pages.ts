/**
 * What the site's sidebar shows, in its order: pages of docs/ by their path without `.md`. A page is called what its first
 * heading says. The build fails when a page is missing here, or is only here; docs/index.md is the home page.
 */
export const groups: readonly Group[] = [
  { title: "Tutorial", pages: ["tutorial"] },
  {
    title: "How-to",
    pages: [
      "new-migration",
      "rollback",
      "long-data",
      "expand-and-contract",
      "existing-api",
      "other-languages",
      "adopt",
      "existing-network",
      "several-apps",
      "deploy",
      "pipelines",
      "cdk-terrain",
    ],
  },
  {
    title: "Reference",
    pages: [
      "cli",
      "settings",
      "exit-codes",
      "log-fields",
      "migrations",
      "generate",
      "models",
      "lint",
      "constructs",
      "api/infra",
      "api/library",
    ],
  },
  {
    title: "Explanation",
    pages: [
      "guarantees",
      "why-an-init-container",
      "objections",
      "architecture",
      "containers",
      "performance",
      "dependencies",
    ],
  },
  { title: "Operations", pages: ["runbook"] },
  { title: "Contributing", pages: ["code", "invariants"] },
  {
    title: "Decisions",
    pages: [
      "adr/0001-cdktf",
      "adr/0002-lock",
      "adr/0003-ledger-and-transactions",
      "adr/0004-stacks",
      "adr/0005-retries-and-partial-work",
      "adr/0006-diff-engine-and-proof",
      "adr/0007-jobs-stack-and-deploy-gate",
      "adr/0008-pods-and-container-tests",
      "adr/0009-start-with-nothing-to-do",
      "adr/0010-package",
      "adr/0011-rooms",
      "adr/0012-one-way-to-load-code",
      "adr/0013-code-of-migrations",
      "adr/0014-plans-are-read",
    ],
  },
];

export interface Group {
  readonly title: string;
  readonly pages: readonly string[];
}
