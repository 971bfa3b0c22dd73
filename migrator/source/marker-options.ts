import type { Problem } from "../errors";
import { isTimeout, type SectionOptions } from "./migration";

const known = "transaction:false, lock_timeout:10s, statement_timeout:5min";

/** Milliseconds per unit, as PostgreSQL names them; a bare number is milliseconds there and here. */
const units = { "": 1, ms: 1, s: 1_000, min: 60_000, h: 3_600_000 } as const;

/**
 * Parses the options behind a marker: `transaction:false lock_timeout:10s`.
 *
 * @param where file and line for messages.
 * @param problems receives what cannot be read.
 */
export function parseMarkerOptions(text: string, where: string, problems: Problem[]): SectionOptions {
  const options: { -readonly [K in keyof SectionOptions]: SectionOptions[K] } = { transaction: true };
  for (const option of text.split(/\s+/).filter(Boolean)) {
    const [name, value = ""] = option.split(":");
    const timeout = parseDuration(value);
    if (name === "transaction" && (value === "true" || value === "false")) {
      options.transaction = value === "true";
    } else if (name === "lock_timeout" && timeout !== undefined) {
      options.lockTimeoutMs = timeout;
    } else if (name === "statement_timeout" && timeout !== undefined) {
      options.statementTimeoutMs = timeout;
    } else {
      problems.push({
        code: "unknown-option",
        message: `${where}: "${option}" is no option of a migration`,
        hint: `Options look like these: ${known}. A comment must not begin like a marker: word it in another way.`,
      });
    }
  }
  return options;
}

/** @returns milliseconds of `250`, `250ms`, `10s`, `5min`, `1h`, as far as PostgreSQL can count. */
function parseDuration(text: string): number | undefined {
  const [, number, unit = ""] = /^(\d+)(ms|s|min|h)?$/.exec(text) ?? [];
  const timeout = Number(number) * units[unit as keyof typeof units];
  return isTimeout(timeout) ? timeout : undefined;
}
