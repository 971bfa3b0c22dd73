import { count } from "../../migrator/events/words";
import {
  describeLint,
  describeLock,
  describeProof,
  describeRepeatables,
  describeRewrite,
  describeRewrites,
  describeStatements,
  describeStrongest,
} from "./describe";
import type { PlannedMigration, PlannedStatement, PullRequestPlan } from "./planned";

/** GitHub takes comments of up to 65,536 characters; the rest is for what a workflow adds. */
const longest = 60_000;

/** The plan for a comment of a pull request: a table, and each migration folded below it. */
export function toMarkdown(plan: PullRequestPlan): string {
  const { migrations, repeatables } = plan;
  const title = `### Migrations: ${migrations.length === 0 ? "nothing to apply" : `${migrations.length} to apply`}`;
  if (migrations.length === 0) {
    return [title, ...describeRepeatables(repeatables)].join("\n\n");
  }
  const frame = (details: readonly string[]) =>
    [title, summary(plan), ...details, ...describeRepeatables(repeatables)].join("\n\n");
  const whole = frame(migrations.map((one) => details(one, plan, true)));
  if (whole.length <= longest) {
    return whole;
  }
  const short = frame([
    ...migrations.map((one) => details(one, plan, false)),
    "The SQL is too long for a comment: see the files.",
  ]);
  return short.length <= longest ? short : frame(["The details are too long for a comment: see the output of `plan`."]);
}

function summary({ migrations, sizes }: PullRequestPlan): string {
  const rows = migrations.map((one) => [
    `\`${one.name}\``,
    describeStatements(one),
    describeStrongest(one, sizes),
    describeRewrites(one),
    `${marks[lintMark(one)]} ${describeLint(one.findings)}`,
    `${marks[proofMark(one)]} ${describeProof(one.proof)}`,
  ]);
  const head = ["migration", "statements", "strongest lock", "rewrite", "lint", "proof"];
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(escapeCell).join(" | ")} |`).join("\n");
}

const marks = { good: "✅", fair: "⚠️", bad: "❌" } as const;

function lintMark({ findings }: PlannedMigration): keyof typeof marks {
  return findings.some(({ level }) => level === "error") ? "bad" : findings.length > 0 ? "fair" : "good";
}

function proofMark({ proof }: PlannedMigration): keyof typeof marks {
  return proof?.result === "verified" ? "good" : proof?.result === "failed" ? "bad" : "fair";
}

function details(migration: PlannedMigration, plan: PullRequestPlan, withSql: boolean): string {
  const { name, kind, statements, whole, findings, proof } = migration;
  const seen =
    statements.length > 0
      ? statements.map((statement) => describeStatement(statement, plan, withSql))
      : [
          [
            kind === "module" ? "Code; of its SQL only what it did is known:" : "",
            ...bullets([
              ...whole.locks.map(describeLock),
              ...whole.rewrites.map((rewrite) => describeRewrite(rewrite, plan.sizes)),
            ]),
          ].join("\n"),
        ];
  const lines = [
    ...findings.map(
      ({ line, level, rule, what, instead }) => `**${level}** \`${rule}\`, line ${line}: ${what}. ${instead}`,
    ),
    ...(proof?.findings ?? []).map(
      ({ message, code, lines: shown }) => `**proof** \`${code}\`: ${[message, ...shown].join("; ")}`,
    ),
  ];
  const about = `<code>${escapeHtml(name)}</code>: ${kind === "module" ? "code" : count(statements.length, "statement")}`;
  return [`<details><summary>${about}</summary>`, ...seen, bullets(lines).join("\n"), "</details>"]
    .filter((part) => part !== "")
    .join("\n\n");
}

function describeStatement(
  { sql, locks, rewrites }: PlannedStatement,
  { sizes }: PullRequestPlan,
  withSql: boolean,
): string {
  const written = [...locks.map(describeLock), ...rewrites.map((rewrite) => describeRewrite(rewrite, sizes))];
  const shown = withSql ? [fence(sql)] : [];
  return [...shown, bullets(written.length > 0 ? written : ["no lock on what was there before"]).join("\n")].join(
    "\n\n",
  );
}

/** A fence longer than any in the text. */
function fence(sql: string): string {
  const runs = sql.match(/`+/g) ?? [];
  const ticks = "`".repeat(Math.max(3, ...runs.map(({ length }) => length + 1)));
  return `${ticks}sql\n${sql};\n${ticks}`;
}

function bullets(lines: readonly string[]): string[] {
  return lines.map((line) => `- ${escapeHtml(line.replace(/\n/g, " "))}`);
}

function escapeCell(text: string): string {
  return escapeHtml(text.replace(/\|/g, "\\|").replace(/\n/g, " "));
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
