import { count, type Style, table } from "../../migrator/events/words";
import type { Finding } from "../lint/finding";
import { countLevels } from "../lint/format/summary";
import type { VerifiedMigration } from "../verify/finding";
import type { PlannedMigration, PullRequestPlan, SeenLock, SeenRewrite, TableSize } from "./planned";

type Sizes = PullRequestPlan["sizes"];

/** Of the whole, what matters first: the strongest lock that makes reads or writes wait. */
export function describeStrongest({ whole }: PlannedMigration, sizes: Sizes): string {
  const [lock] = whole.locks;
  if (!lock) {
    return "none";
  }
  const same = whole.locks.filter(({ blocks }) => blocks === lock.blocks);
  const more = same.length > 1 ? ` and ${same.length - 1} more` : "";
  return `${lock.table}${more}: blocks ${lock.blocks}${describeSize(sizes[lock.table])}`;
}

/** `ACCESS EXCLUSIVE on public.orders: blocks reads, writes, DDL`. */
export function describeLock({ table: name, mode, blocks }: SeenLock): string {
  const words = mode
    .replace(/Lock$/, "")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toUpperCase();
  return `${words} on ${name}: blocks ${blocks}`;
}

/** `public.orders written anew (about 1,200,000 rows, 3.1 GB)`. */
export function describeRewrite({ table: name, what }: SeenRewrite, sizes: Sizes): string {
  return what === "table" ? `${name} written anew${describeSize(sizes[name])}` : `index ${name} built anew`;
}

/** Which tables are written anew, for a cell. */
export function describeRewrites({ whole }: PlannedMigration): string {
  return whole.rewrites.length === 0 ? "no" : [...new Set(whole.rewrites.map(({ table: name }) => name))].join(", ");
}

/** `1 error, 2 warnings`. */
export function describeLint(findings: readonly Finding[]): string {
  const { errors, warnings } = countLevels(findings);
  const parts = [
    ...(errors > 0 ? [count(errors, "error")] : []),
    ...(warnings > 0 ? [count(warnings, "warning")] : []),
  ];
  return parts.join(", ") || "clean";
}

/** What the proof came to. */
export function describeProof(proof: VerifiedMigration | undefined): string {
  const words = { verified: "up, down, up", applied: "up only: no down", failed: "failed" } as const;
  return proof ? words[proof.result] : "not examined";
}

/** How many statements, or that they are in code. */
export function describeStatements({ kind, statements, transaction }: PlannedMigration): string {
  const number = kind === "module" ? "code" : String(statements.length);
  return transaction ? number : `${number}, no transaction`;
}

function describeSize(size: TableSize | undefined): string {
  if (!size) {
    return "";
  }
  const rows = size.rows === undefined ? "" : `about ${Math.round(size.rows).toLocaleString("en-US")} rows, `;
  return ` (${rows}${describeBytes(size.bytes)})`;
}

const units = ["bytes", "kB", "MB", "GB", "TB"];

function describeBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)));
  const value = bytes / 1024 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}

/** The plan as a person reads it. */
export function describePlan({ migrations, repeatables, sizes }: PullRequestPlan, style: Style): string {
  if (migrations.length === 0) {
    return ["nothing to apply", ...describeRepeatables(repeatables)].join("\n");
  }
  const rows = migrations.map((one) => [
    one.name,
    describeStatements(one),
    describeStrongest(one, sizes),
    describeRewrites(one),
    describeLint(one.findings),
    describeProof(one.proof),
  ]);
  const head = ["migration", "statements", "strongest lock", "rewrite", "lint", "proof"];
  return [
    table([head, ...rows], (cell, row) => (row === 0 ? style.dim(cell) : cell)),
    ...migrations.map((one) => describeDetails(one, sizes, style)),
    ...describeRepeatables(repeatables),
  ].join("\n\n");
}

/** What is applied beside the migrations. */
export function describeRepeatables(names: readonly string[]): string[] {
  return names.length > 0 ? [`Applied anew behind them: ${names.join(", ")}.`] : [];
}

function describeDetails(migration: PlannedMigration, sizes: Sizes, style: Style): string {
  const { name, statements, whole, findings, proof } = migration;
  const parts =
    statements.length > 0
      ? statements.flatMap(({ sql, line, locks, rewrites }) => [
          `  ${style.dim(`${line} |`)} ${sql.split("\n")[0]}${sql.includes("\n") ? " …" : ""}`,
          ...locks.map((lock) => `      ${describeLock(lock)}`),
          ...rewrites.map((rewrite) => `      ${describeRewrite(rewrite, sizes)}`),
        ])
      : [
          ...whole.locks.map((lock) => `  ${describeLock(lock)}`),
          ...whole.rewrites.map((rewrite) => `  ${describeRewrite(rewrite, sizes)}`),
        ];
  return [
    style.bold(name),
    ...parts,
    ...findings.map(({ line, level, rule, what }) => `  ${level} ${rule} (line ${line}): ${what}`),
    ...(proof?.findings ?? []).flatMap(({ message, code, lines }) => [
      `  proof: ${message} [${code}]`,
      ...lines.map((text) => `    ${text}`),
    ]),
  ].join("\n");
}
