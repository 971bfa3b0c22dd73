import { type Check, exitCodeOf, groups } from "../../doctor/check";
import { examine } from "../../doctor/examine";
import { count, type Style } from "../../events/words";
import { databaseOptions, policyOptions, readOptions, sourceOptions } from "../../settings";
import type { Command } from "./command";

/** A gate waits for a database that is still starting; who asks a doctor wants to know now. */
const connectTimeout = { ...databaseOptions.connectTimeout, fallback: 10 };

const options = { ...sourceOptions, ...databaseOptions, connectTimeout, ...policyOptions };

export const doctor: Command = {
  name: "doctor",
  about: "look at connection, role, migrations, indexes, sessions and settings: what is wrong, and how to fix it",
  examples: ["schemagate doctor", "schemagate doctor --json"],
  options,
  run: async (given, context) => {
    const checks = await examine(readOptions(options, given, context.env), context);
    const sorted = groups.flatMap((group) => checks.filter((check) => check.group === group));
    const exitCode = exitCodeOf(checks);
    context.output.result({ event: "doctor", ok: exitCode === 0, exitCode, checks: sorted }, (style) =>
      describe(sorted, style),
    );
    return exitCode;
  },
};

const marks: Record<Check["status"], (style: Style) => string> = {
  ok: (style) => style.green("ok     "),
  warning: (style) => style.yellow("warning"),
  problem: (style) => style.red("problem"),
};

function describe(checks: readonly Check[], style: Style): string {
  const width = Math.max(...groups.map((group) => group.length));
  const indent = " ".repeat("problem".length + 2 + width + 2);
  const lines = checks.flatMap(({ group, status, message, hint }) => [
    `${marks[status](style)}  ${group.padEnd(width)}  ${message}`,
    ...(hint === undefined ? [] : [`${indent}${style.dim(hint)}`]),
  ]);
  return [...lines, summary(checks)].join("\n");
}

function summary(checks: readonly Check[]): string {
  const number = (status: Check["status"]) => checks.filter((check) => check.status === status).length;
  const [problems, warnings] = [number("problem"), number("warning")];
  return problems + warnings === 0
    ? "nothing is wrong"
    : `${count(problems, "problem")}, ${count(warnings, "warning")}`;
}
