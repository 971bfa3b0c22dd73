import { refusal, usageError } from "../../migrator/errors";
import type { Style } from "../../migrator/events/words";
import { redact } from "../../migrator/redact";
import type { Source } from "../../migrator/source/migration";
import { resolveName } from "../../migrator/source/names";
import { version } from "../../migrator/version";
import { changedSince, repositoryRoot } from "./changed";
import type { Finding } from "./finding";
import { annotations } from "./format/github";
import { findingLines } from "./format/json";
import { toSarif } from "./format/sarif";
import { countLevels, type Read } from "./format/summary";
import { describeFindings, describeRules } from "./format/words";
import { lintMigrations } from "./lint";
import { rules } from "./rules";

export type LintFormat = "words" | "json" | "github" | "sarif";

export interface LintRequest {
  /** Only what is new or changed since this git ref. @default all */
  readonly base?: string;
  /** Only these, by name or the beginning of it. @default all */
  readonly names: readonly string[];
  readonly format: LintFormat;
  readonly style: Style;
  readonly signal: AbortSignal;
}

export interface LintReport {
  /** Ready to print; empty when the format has no words for "nothing found". */
  readonly text: string;
  readonly errors: number;
  readonly warnings: number;
  readonly findings: readonly Finding[];
}

/**
 * Checks a set of migrations, or some of it, and puts what was found into words.
 *
 * @throws usage (exit 2) for names, a git ref or an installation that will not do; refused (exit 4) for a set that `up`
 * would refuse as a whole.
 */
export async function runLint(source: Source, request: LintRequest): Promise<LintReport> {
  if (source.problems.length > 0) {
    throw refusal(source.problems);
  }
  if (source.sealed) {
    throw usageError({
      code: "sealed",
      message: `the migrations in ${source.dir} are sealed: there are no files to point into`,
      hint: "Check them in the working copy, with --dir, before the image is built.",
    });
  }
  const names = await chooseNames(source, request);
  const findings = await lintMigrations(source, names, request.signal);
  const unread = source.migrations.filter(({ kind, name }) => kind === "module" && names.includes(name));
  const read = { migrations: names.length, unread: unread.map(({ name }) => name) };
  const text = redact(await describe(findings, read, source.dir, request));
  return { text, ...countLevels(findings), findings };
}

/** The list of rules: in words, or as a JSON line each. */
export function describeLintRules(format: LintFormat, style: Style): string {
  return format === "words"
    ? describeRules(style)
    : Object.entries(rules)
        .map(([name, rule]) => JSON.stringify({ event: "rule", name, ...rule }))
        .join("\n");
}

async function chooseNames(source: Source, { base, names }: LintRequest): Promise<string[]> {
  const { hooks, migrations, repeatables } = source;
  const all = [...migrations, ...repeatables, hooks.beforeAll, hooks.afterAll].flatMap((one) => one?.name ?? []);
  const changed = base === undefined ? all : await changedSince(base, source);
  if (names.length === 0) {
    return changed;
  }
  const wanted = new Set(names.map((name) => resolveName(name, all)));
  return changed.filter((name) => wanted.has(name));
}

async function describe(
  findings: readonly Finding[],
  read: Read,
  dir: string,
  { format, style }: LintRequest,
): Promise<string> {
  switch (format) {
    case "words":
      return describeFindings(findings, read, process.cwd(), style);
    case "json":
      return findingLines(findings, read, process.cwd()).join("\n");
    case "github":
      return annotations(findings, await repositoryRoot(dir)).join("\n");
    case "sarif":
      return toSarif(findings, await repositoryRoot(dir), version);
  }
}
