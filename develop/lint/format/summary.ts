import { relative, sep } from "node:path";
import { count } from "../../../migrator/events/words";
import type { Finding } from "../finding";

/** What was read, for the last line of an output. */
export interface Read {
  /** Number of migrations that were asked for. */
  readonly migrations: number;
  /** Names of those in code, whose SQL is not read. */
  readonly unread: readonly string[];
}

/** Numbers of errors and warnings. */
export function countLevels(findings: readonly Finding[]): { errors: number; warnings: number } {
  const errors = findings.filter(({ level }) => level === "error").length;
  return { errors, warnings: findings.length - errors };
}

/** `2 errors, 1 warning in 3 migrations`. */
export function summarize(findings: readonly Finding[], { migrations, unread }: Read): string {
  const { errors, warnings } = countLevels(findings);
  const found = findings.length === 0 ? "nothing found" : `${count(errors, "error")}, ${count(warnings, "warning")}`;
  const code = unread.length > 0 ? `; ${unread.length} of them in code, whose SQL is not read` : "";
  return `${found} in ${count(migrations, "migration")}${code}`;
}

/** A path as seen from a directory, with `/`; as it is when it lies elsewhere. */
export function pathFrom(root: string, file: string): string {
  const path = relative(root, file);
  return path === "" || path.startsWith("..") ? file : path.split(sep).join("/");
}
