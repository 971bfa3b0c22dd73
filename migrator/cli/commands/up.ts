import { exitCodes, usageError } from "../../errors";
import { readOptions } from "../../settings/read-options";
import type { Command } from "./command";
import { runWith } from "./run-with";
import { type UpSettings, upOptions } from "./up-options";

export const up: Command = {
  name: "up",
  about: "apply all pending migrations (the default command)",
  examples: [
    "schemagate up",
    "schemagate up --database-url postgres://app@localhost/orders",
    "schemagate up --steps 1",
    "schemagate up --dry-run",
    "schemagate up --sql > upgrade.sql",
  ],
  options: upOptions,
  run: async (given, context) => {
    const settings = readOptions(upOptions, given, context.env);
    requireOneTarget(settings);
    if (settings.sql || settings.dryRun) {
      const { previewUp } = await import("./preview-up");
      return previewUp(settings, context);
    }
    await runWith("up", settings, context);
    return exitCodes.ok;
  },
};

function requireOneTarget({ to, steps, sql, from }: UpSettings): void {
  if (to !== undefined && steps !== undefined) {
    throw usageError({
      code: "two-targets",
      message: `--to (${to}) and --steps (${steps}) both say how far to go`,
      hint: "Give one of them.",
    });
  }
  if (sql ? steps !== undefined : from !== undefined) {
    throw usageError({
      code: "sql-range",
      message: sql ? "--sql has no --steps: without a database nobody knows what is pending" : "--from needs --sql",
      hint: "A script's range is given with --from NAME and --to NAME.",
    });
  }
}
